"""How answers, reports and lists look in a terminal."""
