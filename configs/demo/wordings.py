"""What real services and libraries say when they fail; each demo fault draws one of these."""

import hashlib

TOKEN_EXPIRED = (
    "{'statusCode': 401, 'message': 'TRAPI: Unauthorized. Invalid or expired token.'}",
    "{'error': {'message': 'Your authentication token has expired. Please try signing in again.', 'type': 'invalid_request_error', 'code': 'token_expired'}}",
    "{'type': 'error', 'error': {'type': 'authentication_error', 'message': 'OAuth token has expired. Please obtain a new token or refresh your existing token.'}}",
    "{'statusCode': 401, 'message': 'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.'}",
    "{'error': {'code': 401, 'message': 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.', 'status': 'UNAUTHENTICATED'}}",
    "{'message': 'The security token included in the request is expired', '__type': 'ExpiredTokenException'}",
)

RATE_LIMITED = (
    "{'error': {'message': 'Rate limit reached for gpt-4o in organization org-demo on tokens per min (TPM): Limit 30000, Used 29480, Requested 1520. Please try again in %(wait)ss.', 'type': 'tokens', 'code': 'rate_limit_exceeded'}}",
    "{'type': 'error', 'error': {'type': 'rate_limit_error', 'message': \"This request would exceed your organization's rate limit of 40,000 input tokens per minute.\"}}, 'retry-after': '%(wait)s'",
    "{'error': {'message': 'Rate limit reached for model `llama-3.3-70b` on requests per minute (RPM): Limit 30, Used 30. Please try again in %(wait)s.00s.', 'type': 'requests'}}",
    "{'error': {'code': 429, 'message': 'You exceeded your current rate. Please retry in %(wait)s.3s.', 'status': 'RESOURCE_EXHAUSTED', 'details': [{'retryDelay': '%(wait)ss'}]}}",
    "{'error': {'code': '429', 'message': 'Requests to the ChatCompletions_Create Operation under Azure OpenAI API have exceeded the token rate limit of your current AIServices S0 pricing tier. Please retry after %(wait)s seconds.'}}",
)

WINDOW_USED_UP = (
    "Claude AI usage limit reached|%(epoch)s",
    "Usage limit reached for 5 hour. Your limit will reset at %(clock)s",
    "You have exhausted your capacity on this model. Your quota will reset after %(wait)ss.",
    "You've hit your usage limit. Upgrade to Pro or try again in %(wait)s seconds.",
    "5-hour limit reached, resets at %(clock)s",
)

OVERLOADED = (
    "{'error': {'message': 'The server is currently overloaded with other requests. Sorry about that! You can retry your request.', 'type': 'server_error'}}",
    "{'type': 'error', 'error': {'type': 'overloaded_error', 'message': 'Overloaded'}}",
    "{'error': {'code': 503, 'message': 'The model is overloaded. Please try again later.', 'status': 'UNAVAILABLE'}}",
    "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
    "<html><head><title>503 Service Temporarily Unavailable</title></head></html>",
)

DROPPED = (
    "http.client.RemoteDisconnected: Remote end closed connection without response",
    "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
    "openai.APIConnectionError: Connection error.",
    "aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected",
    "httpx.ReadError: [Errno 104] Connection reset by peer",
)

CUDA_BROKEN = (
    "Error an illegal memory access was encountered at line 68 in file /src/csrc/ops.cu",
    "RuntimeError: CUDA error: an illegal memory access was encountered",
    "cuBLAS API failed with status 15\nRuntimeError: cublasLt ran into an error! (bitsandbytes igemmlt)",
    "RuntimeError: CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasGemmEx(handle, opa, opb, m, n, k)`",
    "Error invalid configuration argument at line 218 in file /src/csrc/ops.cu\ntorch.AcceleratorError: CUDA error: invalid configuration argument",
)

NO_MODULE = (
    "ModuleNotFoundError: No module named 'capsule_0921079'",
    "ImportError: cannot import name 'score_capsule' from 'scoring' (unknown location)",
    "python3: can't open file '/opt/bench/run_capsule.py': [Errno 2] No such file or directory",
    "bash: line 1: run-capsule: command not found",
    "run_capsule.py: error: the following arguments are required: --capsule",
)


def pick(wordings: tuple[str, ...], key: str) -> str:
    """Return one wording, the same for the same key in every run."""
    digest = hashlib.sha256(key.encode()).digest()
    return wordings[int.from_bytes(digest[:4], "big") % len(wordings)]
