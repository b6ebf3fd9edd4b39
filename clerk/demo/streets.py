"""Streets, districts and places of the demo town. All invented; no such town exists."""

TOWN = "Birkenmünde"
# No postcode of Germany begins with 00.
DISTRICTS: tuple[tuple[str, str], ...] = (
    ("00811", "Altstadt"),
    ("00811", "Hafenviertel"),
    ("00812", "Nordstadt"),
    ("00812", "Am Weiher"),
    ("00813", "Südhöhe"),
    ("00813", "Mühlenfeld"),
    ("00814", "Ostendorf"),
    ("00814", "Groß Kirmsen"),
    ("00815", "Klein Kirmsen"),
    ("00815", "Ziegelbrunn"),
)

STREETS: tuple[str, ...] = (
    "Ahornweg", "Alte Poststraße", "Am Alten Hafen", "Am Bahndamm", "Am Kirchplatz", "Am Mühlbach",
    "Am Stadtgraben", "Am Weiher", "Amselweg", "An der Bleiche", "An der Fähre", "Apfelallee",
    "Bachstraße", "Bahnhofstraße", "Bergstraße", "Birkenallee", "Bleichstraße", "Blumenstraße",
    "Böttchergasse", "Breite Straße", "Brückenstraße", "Brunnengasse", "Buchenweg", "Burgstraße",
    "Drosselweg", "Eichenallee", "Erlenweg", "Fährstraße", "Falkenweg", "Färbergasse",
    "Feldstraße", "Finkenweg", "Fischmarkt", "Fliederweg", "Gartenstraße", "Gerbergasse",
    "Goethestraße", "Großer Wall", "Grüner Weg", "Güterstraße", "Hafenstraße", "Haselweg",
    "Hauptstraße", "Heckenweg", "Heideweg", "Hermann-Löwe-Straße", "Hinter der Mauer",
    "Höhenstraße", "Hospitalstraße", "Ida-Bröse-Straße", "Im Grund", "Im Kirschgarten",
    "Industriestraße", "Jahnstraße", "Käthe-Mönning-Ring", "Kastanienallee", "Kiefernweg",
    "Kirchstraße", "Kirmser Landstraße", "Klosterstraße", "Königstraße", "Kornmarkt",
    "Lärchenweg", "Lerchenweg", "Lindenallee", "Lotsenstraße", "Luisenplatz", "Marktplatz",
    "Marktstraße", "Meisenweg", "Mittelstraße", "Mozartstraße", "Mühlenweg", "Neue Straße",
    "Nordring", "Nussbaumweg", "Ostendorfer Straße", "Parkstraße", "Pappelweg", "Postgasse",
    "Rathausplatz", "Ringstraße", "Rosenweg", "Sandweg", "Schillerstraße", "Schlehenweg",
    "Schmiedegasse", "Schulstraße", "Schützenstraße", "Seestraße", "Seilergasse", "Sonnenhang",
    "Speicherstraße", "Stettiner Weg", "Südring", "Tannenweg", "Töpferstraße", "Turmstraße",
    "Uferpromenade", "Ulmenweg", "Veilchenweg", "Waldstraße", "Wallgasse", "Weberstraße",
    "Weidenweg", "Weinbergstraße", "Wiesengrund", "Ziegelbrunner Straße", "Ziegeleiweg",
    "Zum Sportplatz", "Zur Alten Mühle", "Zwingergasse",
)  # fmt: skip

LANDMARKS: tuple[str, ...] = (
    "der Grundschule Nord", "der Apotheke am Markt", "der Stadtbücherei", "dem Hallenbad",
    "der Bushaltestelle Luisenplatz", "dem Spielplatz am Weiher", "der Feuerwache", "dem Bahnhof",
    "der Kita Wirbelwind", "dem Seniorenheim Haus Abendruh", "der Fähranlegestelle",
    "dem Wertstoffhof", "der Turnhalle Südhöhe", "dem Friedhof Ostendorf", "der Sparkasse",
    "dem Jugendzentrum Speicher 3", "der Tankstelle", "dem Getränkemarkt", "der alten Ziegelei",
    "der Hafenbrücke", "dem Parkhaus Kornmarkt", "der Unterführung", "dem Stadttor",
)  # fmt: skip

SCHOOLS: tuple[str, ...] = (
    "Grundschule Nord", "Grundschule am Weiher", "Ida-Bröse-Schule", "Gesamtschule Südhöhe",
    "Gymnasium am Stadtgraben", "Förderschule Mühlenfeld",
)  # fmt: skip

DAY_CARES: tuple[str, ...] = (
    "Wirbelwind", "Pusteblume", "Hafenzwerge", "Am Mühlbach", "Regenbogenland", "St. Brigida",
    "Kleine Strolche", "Waldkobolde", "Sonnenhang",
)  # fmt: skip
