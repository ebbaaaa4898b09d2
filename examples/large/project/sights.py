from datetime import date, timedelta

SHAPES = ["ring", "star", "wave", "grid", "leaf", "bolt", "drop", "moon"]

SIGHTS = [
    {
        "id": number,
        "name": f"{shape.capitalize()} {turn}",
        "icon": f"icons/{shape}-{turn:02d}.svg",
        "seen": (date(2025, 1, 1) + timedelta(days=number)).isoformat(),
        "count": number * 7 % 31 + 1,
    }
    for number, (turn, shape) in enumerate((t, s) for t in range(1, 21) for s in SHAPES)
]
