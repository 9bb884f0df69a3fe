"""What every organisation must tell residents: personal data and accessibility.

The default texts are in Swedish, as what they describe is. A passage in square brackets is for the administrator to
fill in; until that is done the page for notices says so, and the resident sees that it is missing.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from ..db import utcnow
from .models import AccessibilityStatement, Organisation, PrivacyNotice

#: Begins a passage that only the organisation can write.
TO_FILL_IN = "[Fyll i:"


def default_privacy(organisation: Organisation) -> dict[str, str]:
    """A first privacy notice that is true of Dialog whoever uses it."""
    return {
        "controller": (
            f"{organisation.name} är personuppgiftsansvarig. "
            "[Fyll i: vilken nämnd eller styrelse som ansvarar, organisationsnummer och postadress.]"
        ),
        "purpose": (
            "Vi samlar in synpunkter för att kunna ta hänsyn till dem i beslut och berätta vad de ledde till. "
            "Du behöver inte säga vem du är. Skriv inga personnummer, namn eller uppgifter om andra.\n\n"
            "Vi sparar det du skriver, vilket område det gäller, när det kom in och vid vilket möte. Vi sparar "
            "ingen IP-adress tillsammans med det du skriver och kopplar inte ihop din åsikt med vem du är. En kaka "
            "i din webbläsare gör att du kan se och ändra dina egna kort; den används inte till något annat. Om ett "
            "möte frågar efter namn tas namnen bort när mötet stängs.\n\n"
            "Det du skickar in blir som regel en allmän handling. Det betyder att andra kan begära att få läsa det."
        ),
        "legal_basis": (
            "Behandlingen behövs för att utföra en uppgift av allmänt intresse (artikel 6.1 e i "
            "dataskyddsförordningen): att ge invånarna insyn och möjlighet att påverka. "
            "[Fyll i: vilket beslut eller vilken lag uppdraget vilar på.]"
        ),
        "retention": (
            "Det som har kommit in bevaras eller gallras enligt kommunens beslut om gallring. Dialog tar inte bort "
            "något på egen hand. [Fyll i: vilket gallringsbeslut som gäller och hur länge uppgifterna sparas.]"
        ),
        "contact": (
            "[Fyll i: e-post och telefon till kommunen och till dataskyddsombudet.]\n\n"
            "Du har rätt att få veta vilka uppgifter om dig som vi har, att få fel rättade och att invända. Eftersom vi "
            "oftast inte vet vem som har skrivit vad kan vi behöva din hjälp att hitta rätt. Är du inte nöjd kan du "
            "klaga hos Integritetsskyddsmyndigheten, imy.se."
        ),
    }


def default_accessibility(organisation: Organisation) -> dict[str, str]:
    """A first accessibility statement; claims nothing that the organisation has not examined."""
    return {
        "conformance": (
            f"{organisation.name} står bakom den här tjänsten. Vi vill att alla ska kunna använda den. Dialog är byggt "
            "för att följa WCAG 2.2 på nivå AA, som går något längre än lagen om tillgänglighet till digital offentlig "
            "service (2018:1937) kräver. [Fyll i: hur väl er installation uppfyller kraven, och när det bedömdes.]"
        ),
        "known_gaps": (
            "[Fyll i: brister som ni känner till, vad de betyder för den som använder tjänsten och när de ska vara "
            "åtgärdade. Skriv att det inte finns några kända brister först när ni har undersökt det.]"
        ),
        "how_tested": (
            "Den som utvecklar Dialog prövar sidorna automatiskt med verktyget axe och går igenom dem med bara "
            "tangentbord. Det ersätter inte en granskning av er egen installation. "
            "[Fyll i: vem som har granskat hos er, hur och när.]"
        ),
        "contact": (
            "Hör av dig om något inte fungerar för dig, eller om du behöver innehållet på ett annat sätt: "
            "[Fyll i: e-post, telefon och adress, och hur snabbt ni svarar.]\n\n"
            "Myndigheten för digital förvaltning har tillsyn. Tycker du att vi inte gör tillräckligt kan du anmäla det "
            "på digg.se."
        ),
    }


def add_default_notices(session: Session, organisation: Organisation) -> None:
    """Add the notices that *organisation* lacks, inside the caller's transaction."""
    if session.get(PrivacyNotice, organisation.id) is None:
        session.add(PrivacyNotice(organisation_id=organisation.id, **default_privacy(organisation)))
    if session.get(AccessibilityStatement, organisation.id) is None:
        session.add(
            AccessibilityStatement(organisation_id=organisation.id, **default_accessibility(organisation))
        )
    session.flush()


def change(notice: PrivacyNotice | AccessibilityStatement, texts: dict[str, str]) -> bool:
    """Write *texts* into *notice*; says whether anything became different."""
    before = {name: getattr(notice, name) for name in texts}
    if before == texts:
        return False
    for name, text in texts.items():
        setattr(notice, name, text)
    notice.changed_at = utcnow()
    return True


def incomplete(notice: PrivacyNotice | AccessibilityStatement, names: tuple[str, ...]) -> bool:
    """Is there still a passage that only the organisation can write?"""
    return any(TO_FILL_IN in getattr(notice, name) for name in names)
