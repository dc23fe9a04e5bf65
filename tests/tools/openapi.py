"""Print the OpenAPI document of the API as JSON, keys sorted, so that two prints differ only where the API does."""

import json

from app.main import create_app


def document() -> str:
    return json.dumps(create_app().openapi(), indent=2, sort_keys=True, ensure_ascii=False)


if __name__ == "__main__":
    print(document())
