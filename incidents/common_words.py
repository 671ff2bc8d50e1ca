"""Words that are also names, belong to names, or never are: for `hiding`. Small letters, no accents."""

from __future__ import annotations


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _words(
    "mr mrs ms miss mx dr prof professor mister madam sir lady lord herr frau monsieur madame mme mlle "
    "senor senora signor signora don dona"
)
# Belong to names and are none.
PARTICLES = _words(
    "van von der den ter ten del della dos das les las los bin bint ibn abu the and und for her his ltd inc llc plc "
    "gmbh corp company sons son junior senior"
)
# Say what somebody does, so they name nobody.
JOBS = _words(
    "a an the our their of from at in on and to for sales general duty night day shift front back desk office "
    "reception receptionist manager management director owner president chair chairman chairwoman chief head deputy "
    "vice assistant assistants team staff crew colleague clerk agent driver courier porter concierge bellman valet "
    "housekeeper housekeeping maid cleaner cleaners cook chef waiter waitress server bartender barista kitchen bar "
    "restaurant hotel shop store branch warehouse workshop engineer engineering technician electrician plumber "
    "maintenance mechanic nurse doctor dentist teacher trainer supervisor foreman lead leader secretary accountant "
    "accounting billing bookkeeper buyer purchasing marketing service support customer customers guest guests company "
    "boss employee intern trainee apprentice security guard tour operator operations organiser organizer supplier "
    "partner association committee board member members wife husband mother father son daughter brother sister child "
    "children parents family friend friends group couple man woman lady gentleman somebody someone everybody everyone "
    "his her them him us me myself new old other another who with"
)
# Words of every day that are names too: hidden only where they are written as a name is.
COMMON = JOBS | _words(
    "abbey able ace amber angel april archer art ash august autumn baker ball banks barber baron basil bay bell berry "
    "best bill bird bishop black blue bond booth bowl bridge bright brook brooks brown bull burns bush butler cannon "
    "carpenter carter case cash castle chamber chambers chance chapel charity chase christian church clay cliff "
    "coin cole cook cooper coral cotton crane cross crystal dale daisy dawn day dean dear deer destiny dish dove drew "
    "duke earl early east eden english faith farmer field finch fisher flower flowers foot ford forest fox "
    "frank free french frost gale garden gates gay gem german gift glass glen gold good goode grace grant gray green "
    "grey grove gun guy hall hand hardy harmony harp hart hawk hay head heart heath heather heaven hill holiday holly "
    "home hood hope house hunt hunter iris iron ivy jasmine jewel joy judge july june justice key keys kind king "
    "kitty knight lake lamb lance land lane lark last league light lily lion little long love low lucky mai major mark "
    "marks marsh mason may meadow mercy mile miles mill miller mills minor monday moon more morning "
    "moss mount nice night noble north novel oak olive opal page pain park patience pearl penny pepper "
    "pilot pink pitt place pond pool poor pope porter potter power price pride prince princess quick rain ran ray reed "
    "rich right ring rio rivers robin rock rocky roman rose rosemary ruby rush rust rusty sage sand "
    "sandy sharp shepherd silver singer skinner sky small smart snow song south spring star steel stone storm strong "
    "sue summer summers sunday sunny swan sweet tanner taylor temple tiger true trinity vale valley victor "
    "violet wade walker wall ward warren waters way weaver well wells west white wild will willow wing winter "
    "winters wise wolf wood woods worth wright yard york young "
    "klein gross lang kurz jung alt neu weiss schwarz "
    "petit grand blanc noir roi bon belle fleur marin blanco rey cruz flores rosa luna sol paz "
    "all any are ask but can did had has have him how its let man not now off one out own put ran said say see she "
    "sit set ten too two use was who why win yes yet you"
)
# Of two letters, and no names.
SHORT = _words(
    "ad ah al am an as at be by da de di do du ed el en er et ex go ha he hi if im in is it la le lo ma me mr ms my no "
    "of oh ok on or ou pa re se si so st su to tv uk un up us we"
)
# Capitals that are no initials.
ABBREVIATIONS = _words(
    "ac ad am pm atm bar bbq bmw ceo cfo cd dj dvd eta eu faq fyi gm gps hq hr id it led ny la mc nb ok pc pdf pr ps "
    "po pos qr rsvp sms suv tv uk un us usa usb vat vip wc"
)
# "Will you", "May we".
AUXILIARIES = _words("will may can did had has have was were")
PRONOUNS = _words("i you he she it we they the this that there anybody anyone somebody someone our your their my")
