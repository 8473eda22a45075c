"""Words that carry no content, by language: of English for comparing, of all for telling languages apart."""

BY_LANGUAGE = {
    "en": (
        "a about above after again against all also am an and any are aren't as at be because been before being below "
        "between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each "
        "either else ever every few for from further get got had hadn't has hasn't have haven't having he her here hers "
        "herself him himself his how however i i'd i'll i'm i've if in into is isn't it it's its itself just let like many "
        "may me might more most much must my myself no nor not now of off often on once one only onto or other our ours "
        "ourselves out over own quite rather really same shall she should shouldn't since so some such than that that's "
        "the their theirs them themselves then there there's these they they're this those though through thus to too "
        "under until up upon us very via was wasn't we well were weren't what when where whether which while who whom "
        "whose why will with within without won't would wouldn't yes yet you you'd you'll you're your yours yourself"
    ),
    "de": (
        "aber als am an auch auf aus bei bin bis bist da dann das dass dem den der des die doch du durch ein eine einem "
        "einen einer eines er es für gegen hat haben hatte ich ihr im in ist ja kann kein keine man mich mir mit nach "
        "nicht noch nur oder ohne sein seine sich sie sind so über um und uns unter vom von vor war was weil wenn wer "
        "werden wie wird wir wo zu zum zur"
    ),
    "fr": (
        "à afin ainsi après au aussi aux avec c'est car ce cela ces cette comme d'un d'une dans de des donc dont du elle "
        "elles en est et eux il ils je la le les leur leurs lui mais même mes moi ne nos notre nous on ou où par pas plus "
        "pour qu'il que quel quelle qui sa sans se ses son sont sur tu un une vos votre vous était être été"
    ),
    "es": (
        "al algo como con cual cuando de del desde donde dos el ella ellas ellos en entre era es esa ese eso esta estaba "
        "este esto estos está están fue ha hasta hay la las le les lo los más me mi muy nada ni no nos o para pero por "
        "porque qué que quien se ser si sin sobre son su sus también te tiene todo tu un una uno y ya"
    ),
    "it": (
        "a al alla alle anche che chi ci come con cosa cui da dal dalla de degli dei del della delle di dove e è gli ha "
        "hanno i il in io la le lei lo loro ma mi nel nella nelle noi non o per perché più qual quale quando questa questo "
        "qui se sei si sono su sua sul sulla suo tra un una uno"
    ),
    "pt": (
        "a ao aos as até com como da das de do dos e ela ele eles em entre era essa esse esta está este eu foi há isso "
        "isto já lhe mais mas me mesmo muito na não nas nem no nos o os ou para pela pelo por qual quando que quem são se "
        "sem ser seu sua também tem um uma você"
    ),
    "nl": (
        "aan als ben bij dan dat de der deze die dit doch door een en er geen haar had heb hebben heeft het hij hoe hun ik "
        "in is je kan maar me meer met mij mijn na naar niet nog nu of om omdat onder ons ook op over te tot uit van veel "
        "voor waar was wat we wel werd wie wij wordt zal ze zich zij zijn zo zou"
    ),
    "pl": (
        "a ale bez być był była było by co czy dla do gdy gdzie go i ich ile jak jako je jego jej jest jeśli już kiedy kto "
        "która które który ma na nad nie nim o od oraz po pod przez przy się są ta tak także tam te tego tej ten to tu "
        "tylko w we z za ze że"
    ),
    "sv": (
        "alla att av bara de deras det dig din dom där efter ej eller en ett från för ha hade han har hon hur här i icke "
        "inte jag kan man med men mig min mot mycket nu när och om oss på samma sedan sig sin ska som så till under upp ut "
        "vad var vara vi vid vill är över"
    ),
    "tr": (
        "ama ancak bir bu bunu çok da daha de değil diye en gibi hem her için ile ise kadar ki kim mi mı mu ne neden nasıl "
        "nerede o olan olarak oldu olduğu onu sonra şey şu ve veya ya"
    ),
}
WORDS = {language: frozenset(words.split()) for language, words in BY_LANGUAGE.items()}
# Compared are words of any language, so what fills a sentence in any of them counts for nothing, unless it means something
# in English.
MEANS_SOMETHING = frozenset(
    "ale algo as at bare bin car chi come dan den der des die dig din do dom door dos dove du era gang had hat hay hen her "
    "him his hoe hon lei let maar man me men mich mir mit most must nu o of os par pod pour sin son sous sur te than them "
    "they to todo tot tu us van war was were wo".split()
)
STOP_WORDS = WORDS["en"].union(*(words - MEANS_SOMETHING for words in WORDS.values()))
