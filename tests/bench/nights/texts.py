"""What the modelled services and runners write: wordings of vendors, none a literal of a rule."""

from datetime import datetime

from tests.bench.nights.chance import Chance
from tests.bench.nights.plan import ZONE

DEAD_TOKEN = (
    "openai.AuthenticationError: Error code: 401 - {'statusCode': 401, 'message': 'TRAPI: Unauthorized. Invalid or expired token.'}",
    "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Your authentication token has expired. Please try signing in again.', 'code': 'token_expired'}}",
    "openai.AuthenticationError: Error code: 401 - {'statusCode': 401, 'message': 'Unauthorized. Access token is missing, invalid, audience is incorrect, or have expired.'}",
)
WINDOW = (
    "You've hit your limit · resets {clock} (America/Los_Angeles)",
    "Rate limit from agent: You've hit your limit · resets {clock} (America/Los_Angeles)",
    "Claude AI usage limit reached|{epoch}",
    "5-hour limit reached ∙ resets {clock} (America/Los_Angeles)",
)
WEEK = (
    "You've hit your weekly limit · resets {day}, {clock} (America/Los_Angeles)",
    "Rate limit from agent: You've hit your weekly limit · resets {day}, {clock} (America/Los_Angeles)",
)
TOKENS_PER_MINUTE = (
    "openai.RateLimitError: Error code: 429 - {{'error': {{'message': 'Rate limit reached for gpt-4.1 in organization org-night on tokens per min (TPM): Limit 30000, Used 29480, Requested 1520. Please try again in {wait:.1f}s.', 'type': 'tokens', 'code': 'rate_limit_exceeded'}}}}",
    "openai.RateLimitError: Error code: 429 - {{'error': {{'code': '429', 'message': 'Requests to the ChatCompletions_Create Operation have exceeded the token rate limit of your current pricing tier. Please retry after {wait:.0f} seconds.'}}}}",
)
OUTAGE = (
    "openai.InternalServerError: Error code: 503 - {'error': {'message': 'The server is currently overloaded with other requests. Sorry about that!', 'type': 'server_error'}}",
    "openai.InternalServerError: Error code: 503 - {'error': {'code': 503, 'message': 'Service temporarily unavailable'}}",
    "litellm.ServiceUnavailableError: Error code: 502 - bad gateway",
)
EMPTY = (
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}",
    "anthropic.BadRequestError: Error code: 400 - {'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.'}}",
)
BROKEN_MODEL = (
    "openai.NotFoundError: Error code: 404 - {{'error': {{'message': 'The model `{model}` does not exist or you do not have access to it.', 'code': 'model_not_found'}}}}",
    "ValueError: the chat template of {model} has no role 'system'",
)
DEFECT = "openai.BadRequestError: Error code: 400 - {'error': {'message': \"This model's maximum context length is 128000 tokens. However, your messages resulted in 181313 tokens.\", 'code': 'context_length_exceeded'}}"
CUDA_FAULT = (
    "RuntimeError: CUDA error: an illegal memory access was encountered",
    "RuntimeError: cublasLt ran into an error!",
    "RuntimeError: CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasGemmEx(handle, opa, opb, m, n, k)`",
)
NO_MEMORY = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate {size:.2f} GiB. GPU 0 has a total capacity of 23.69 GiB of which 1.02 GiB is free."


def traceback(error: str) -> str:
    """Return how a runner in Python dies of ``error``."""
    return (
        "Traceback (most recent call last):\n"
        '  File "/opt/eval/run.py", line 214, in <module>\n    main()\n'
        '  File "/opt/eval/run.py", line 180, in main\n    answer = step(sample)\n'
        f"{error}\n"
    )


def reset_words(wording: str, at: float) -> str:
    """Return ``wording`` with the moment ``at`` as the service says it."""
    moment = datetime.fromtimestamp(at, ZONE)
    hour, half = moment.hour % 12 or 12, "am" if moment.hour < 12 else "pm"
    clock = f"{hour}:{moment.minute:02}{half}" if moment.minute else f"{hour}{half}"
    return wording.format(clock=clock, epoch=int(at), day=f"{moment:%b} {moment.day}")


def drawn(chance: Chance, wordings: tuple[str, ...], *names: object) -> str:
    """Return the wording that this night's service uses."""
    return chance.one_of(wordings, "wording", wordings[0], *names)
