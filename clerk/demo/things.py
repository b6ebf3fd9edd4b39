"""What the people of the demo town write about: the words that fill the slots of letters."""

CHILDREN = (
    "Mila", "Emil", "Lotte", "Theo", "Ayla", "Matteo", "Frieda", "Anton", "Nura", "Kuba", "Ida",
    "Leonard", "Hanna", "Yunus", "Marlene", "Bosse", "Smilla", "Elias", "Zoé", "Jannik",
)  # fmt: skip
BULKY = (
    "Sofa", "Kleiderschrank", "Lattenrost", "Matratze", "Kühlschrank", "Waschmaschine", "Teppich",
    "Kommode", "Gartenstühle", "Bettgestell", "Schreibtisch", "Fahrrad", "Herd", "Stehlampe",
    "Küchentisch", "Regal", "Kinderbett", "Spiegelschrank", "Heimtrainer", "Sonnenschirm",
    "Tischtennisplatte", "Hollywoodschaukel", "Klavier", "Aquarium", "Wickelkommode",
)  # fmt: skip
DOGS = (
    "Labrador", "Dackel", "Schäferhund", "Pudel", "Mischling", "Border Collie", "Beagle", "Mops",
    "Golden Retriever", "Jack Russell", "Rauhaardackel", "Havaneser", "Windhund", "Boxer",
)  # fmt: skip
DOG_NAMES = (
    "Balu", "Luna", "Rocky", "Fiete", "Emma", "Bruno", "Nala", "Waldi", "Krümel", "Wotan", "Paula",
)  # fmt: skip
TRADES = (
    "Fahrradwerkstatt", "mobiler Friseursalon", "Onlinehandel mit Keramik", "Hausmeisterservice",
    "Imbisswagen", "Nagelstudio", "Softwareentwicklung", "Nachhilfe", "Gebäudereinigung",
    "Änderungsschneiderei", "Hundepension", "Fotostudio", "Paketannahme", "Trockenbau",
    "Hofladen", "Drohnenaufnahmen", "Eisdiele", "Umzugsservice",
)  # fmt: skip
JOBS = (
    "Sachbearbeitung Bürgerbüro", "Erzieherin/Erzieher", "Gärtnerin/Gärtner im Grünflächenamt",
    "Ausbildung Verwaltungsfachangestellte", "Bauingenieur/in Tiefbau", "Hausmeister/in",
    "Fahrer/in Abfallwirtschaft", "Bibliothekar/in", "IT-Administration", "Schulsekretariat",
    "Sozialarbeiter/in Jugendamt", "Fachkraft für Bäderbetriebe",
)  # fmt: skip
COUNTRIES = (
    "Schweden", "Portugal", "Marokko", "Vietnam", "Kanada", "Island", "Thailand", "Griechenland",
    "Georgien", "Costa Rica", "Japan", "Neuseeland", "Tunesien", "Namibia",
)  # fmt: skip
LOST = (
    "Schlüsselbund mit rotem Band", "schwarze Geldbörse", "Brille im blauen Etui", "Regenschirm",
    "Kinderrucksack mit Dinosauriern", "Hörgerät", "Fahrradhelm", "Silberkette", "Smartphone",
    "Querflöte", "Laptoptasche", "Handschuhe", "Ehering", "Gebiss in einer Dose",
)  # fmt: skip
CLUBS = (
    "TSV Birkenmünde", "Kleingartenverein Morgensonne", "Chor Hafenklang",
    "Heimatverein Ziegelbrunn",
    "Freiwillige Feuerwehr Ostendorf", "Karnevalsgesellschaft Blau-Weiß", "Imkerverein Südhöhe",
)  # fmt: skip
DEFECTS = (
    "flackert die Laterne seit Tagen", "ist die Straßenlaterne dunkel", "ist ein tiefes Schlagloch",
    "ist eine Gehwegplatte lose", "klappert ein Gullydeckel", "ist der Poller umgefahren",
    "läuft das Wasser nach Regen nicht ab", "ist das Geländer verrostet",
    "brennt die Straßenbeleuchtung auch am Tag", "hat sich die Fahrbahn abgesenkt",
    "ragen Pflastersteine hoch", "ist die Ampel für Fußgänger ausgefallen",
)  # fmt: skip
RECENTLY = (
    "seit gestern", "seit Montag", "seit über einer Woche", "seit dem Sturm",
    "seit Anfang des Monats",
    "seit der Baustelle", "schon wieder", "seit dem Wochenende", "seit Wochen", "seit heute früh",
)  # fmt: skip
TREES = ("Linde", "Eiche", "Kastanie", "Birke", "Robinie", "Platane", "Blutbuche", "Zierkirsche")
GREETINGS = (
    "Sehr geehrte Damen und Herren,", "Guten Tag,", "Hallo,", "Moin,", "Liebes Team der Stadt,",
    "Sehr geehrte Damen und Herren,", "Guten Morgen,", "Sehr geehrte Damen und Herren,",
)  # fmt: skip
CLOSINGS = (
    "Mit freundlichen Grüßen", "Freundliche Grüße", "Viele Grüße",
    "Besten Dank und freundliche Grüße",
    "Mit freundlichem Gruß", "Vielen Dank im Voraus", "Hochachtungsvoll", "LG", "Danke und Gruß",
)  # fmt: skip
