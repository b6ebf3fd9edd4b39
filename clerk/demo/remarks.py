"""What the clerks of the demo town write: notes, statuses, follow-ups."""

ITEM_NOTES = (
    "Telefonisch nachgefragt, niemand erreicht.",
    "Unterlagen unvollständig, Nachforderung geschickt.",
    "Bitte zuerst mit dem Fachamt klären.",
    "Rückruf zugesagt bis Ende der Woche.",
    "War schon einmal hier, siehe ältere Vorgänge.",
    "Person spricht kaum Deutsch, Dolmetscherin Frau Şahin gefragt.",
    "Gehört eventuell zum Tiefbauamt, Zuständigkeit geprüft: bleibt hier.",
    "Foto gesichtet, Gefahr besteht nicht.",
    "Eilt, Reise steht bevor.",
    "Ton der Nachricht beachten, freundlich bleiben.",
    "Angaben mit dem Melderegister verglichen, stimmt.",
    "Gebühr noch offen.",
)
CASE_NOTES = (
    "Akte angelegt, Unterlagen liegen vor.",
    "Mit der Kollegin abgestimmt, weiter wie besprochen.",
    "Ortstermin vereinbart.",
    "Nachweis fehlt noch, telefonisch erinnert.",
    "Bauhof verständigt, Auftrag ist raus.",
    "Antragsteller hat am Schalter vorgesprochen, alles erklärt.",
    "Vier-Augen-Prüfung erledigt.",
    "Stellungnahme des Fachamts liegt vor.",
    "Rücklauf der Post: Empfänger unbekannt verzogen, Anschrift geprüft.",
    "Fristverlängerung um zwei Wochen gewährt.",
    "Bescheid im Entwurf, geht morgen in die Zeichnung.",
    "Laut Aktenlage keine Einwände.",
)
STATUSES = (
    "Eingang bestätigt",
    "In Prüfung",
    "Unterlagen nachgefordert",
    "Unterlagen vollständig",
    "Auftrag erteilt",
    "Termin vereinbart",
)
FOLLOW_UPS = (
    "Unterlagen da?",
    "Rückmeldung Fachamt",
    "Anrufen, falls keine Antwort",
    "Frist prüfen",
    "Ist der Schaden behoben?",
    "Lieferung vom Hersteller",
    "Gebühr eingegangen?",
    "Nachfragen beim Bauhof",
    "Termin bestätigen",
    "Erinnerung schicken",
)
ASIDE = (
    "Nur zur Kenntnis",
    "Werbung einer Firma, keine Antwort nötig",
    "Keine Angabe, wer schreibt",
    "Rundschreiben",
)
DUPLICATE = ("Kam auch per Fax", "Zweimal abgeschickt", "Gleicher Text wie die vorige Nachricht")
PHONE = (
    "Anruf von {name}: ",
    "Telefonnotiz. {name} ruft an. ",
    "Rückruf erbeten unter {tel}. ",
)
COUNTER = (
    "Spricht vor: {name}. ",
    "Am Schalter aufgenommen. ",
    "Kam ohne Termin vorbei. ",
)
