from pydantic import BaseModel


class Tide(BaseModel):
    harbour: str
    high: str


def tides() -> list[Tide]:
    return [Tide(harbour="Husum", high="04:12"), Tide(harbour="Büsum", high="03:38")]
