"""One request by a real SDK, as a runner script would make it: ``python call.py SDK MODEL TASK``.

BASE_URL and TOKEN_FILE come from the environment; the token is read when the process begins.
"""

import os
import sys
from pathlib import Path


def main() -> None:
    """Ask once, with no retries of the SDK's own; an error ends as the SDK's traceback."""
    sdk, model, task = sys.argv[1:4]
    token = Path(os.environ["TOKEN_FILE"]).read_text().strip()
    base, headers = os.environ["BASE_URL"], {"X-Task": task}
    if sdk == "openai":
        import openai

        client = openai.OpenAI(
            api_key=token,
            base_url=f"{base}/v1",
            max_retries=0,
            timeout=1.0,
            default_headers=headers,
        )
        answer = client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": "hello"}]
        )
        print(answer.choices[0].message.content)
    else:
        import anthropic

        client = anthropic.Anthropic(
            api_key=token, base_url=base, max_retries=0, timeout=1.0, default_headers=headers
        )
        message = client.messages.create(
            model=model, max_tokens=8, messages=[{"role": "user", "content": "hello"}]
        )
        print(message.content[0].text)


if __name__ == "__main__":
    main()
