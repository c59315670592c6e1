"""The words that the check of an update looks for (spec 7.3)."""

import re


def _any(*patterns: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(patterns), flags)


ERROR_CODES = _any(
    r"\bHTTP(?:/\d(?:\.\d)?)?[ -]?[1-5]\d\d\b",
    r"\b[45][Xx]{2}s?\b|\b50[0-4]s\b",
    r"\b(?:[Ee]rror|[Ss]tatus)(?: codes?)?:? [45]\d\d\b",
    r"\b[45]\d\d (?:error |status |response )?codes?\b|\b50\d errors?\b",
    r"\b[Ee]rror codes?:? (?=\S*\d)[\w.-]+\b",
    r"\b[Ii]nternal [Ss]erver [Ee]rrors?\b|\b[Bb]ad [Gg]ateway\b|\b[Gg]ateway [Tt]ime-?out\b",
    r"\bSQLSTATE\b|\bORA-\d+\b|\bERR_[A-Z_]+\b|\bE(?:CONNREFUSED|CONNRESET|TIMEDOUT|NOTFOUND|PIPE)\b",
    r"\b[A-Z]\w*[a-z](?:Exception|Error)\b|\b0x[0-9a-fA-F]{4,}\b",
    flags=re.NOFLAG,
)

JARGON = _any(
    r"\b(?:stack ?traces?|tracebacks?|segfaults?|segmentation faults?|core dumps?|null pointers?)\b",
    r"\b(?:oom(?:s|ed)?(?:[- ]?kill(?:ed|er|s)?)?|out[- ]of[- ]memory|heap|gc pauses?|deadlocks?)\b",
    r"\b(?:k8s|kubernetes|kubectl|pods?|daemonsets?|config ?maps?|cron ?jobs?|env(?:ironment)? variables?)\b",
    r"\b(?:shards?|(?:re)?sharding|replicas?|replication lag|failovers?|load balancers?)\b",
    r"\b(?:(?:connection|thread) pools?|circuit breakers?|feature flags?|backend (?:node|host|instance)s?)\b",
    r"\b(?:p(?:50|9\d(?:\.9+)?)|9\dth percentile|qps|rps|iops|cpu|prod|sev[- ]?[1-5])\b|\b(?-i:P[0-4])\b",
    r"\b(?:redis|kafka|postgres(?:ql)?|mysql|mongodb|elasticsearch|rabbitmq|cassandra|etcd|zookeeper)\b",
    r"\b(?:nginx|haproxy|envoy|istio|memcached|terraform|prometheus|grafana|alertmanager)\b",
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w.-])[\w-]+(?:\.[\w-]+)*?\.(?:internal|local|svc)\b",
)

_ZONE = (
    r"(?:\s*[(]?(?:UTC|GMT)(?:\s?[+-]\d{1,2}(?::?\d\d)?)?\b|Z\b|\s*[(]?[+-]\d\d:?\d\d\b"
    r"|\s*[(]?(?:[ECMP][SD]?T|AK[SD]T|HST|A[CEW][SD]T|NZ[SD]T|BST|IST|WES?T|CES?T|EES?T|MSK|JST|KST|SGT|HKT)\b"
    r"|\s*[(]?(?-i:[A-Z][a-z]+/[A-Z][A-Za-z_]+)"
    r"|\s+(?:local|(?:(?:US )?(?:Pacific|Eastern|Central|Mountain))) (?:(?:standard|daylight) )?time\b)"
)
_TIME = (
    r"(?:(?:(?<=\dT)|(?<![\w:.+]))(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?!:?\d)(?:\s?[ap]\.?m\b\.?)?"
    r"|(?<![\w:.])(?:1[0-2]|[1-9])\s?(?:[ap]m\b|[ap]\.m\.)|\b(?:1?\d|2[0-3]) o'clock\b|\b(?:noon|midnight)\b)"
)
_AND = r"(?:\s*(?:,|-|\u2013|/|\bto\b|\band\b|\buntil\b|\bor\b)\s*)+"
TIMES = re.compile(
    # A row of times has its zone at its end: from 14:05 to 14:40 UTC.
    rf"(?P<times>{_TIME}(?:{_AND}{_TIME})*)(?P<zone>{_ZONE})?",
    re.IGNORECASE,
)
"""Times of the day, with their zone if they have one."""

ALL_TIMES = re.compile(r"\ball times\b[^.]*\b(?:UTC|GMT|[ECMP][SD]?T|CES?T|BST|IST)\b", re.IGNORECASE)
"""One zone for the whole text."""

_WHOM = r"(?:our |any |the |your )?(?:customers?|users?|visitors?|clients?|you|anyone|anybody)"
DENIALS = _any(
    r"\b(?:no|zero|without(?: any)?) (?:(?:customer|user|visible|known|service|apparent)[- ]?){0,3}impact\b"
    rf"(?! (?:on|to|for) (?!{_WHOM}\b))",
    r"\b(?:no|zero) (?:customers?|users?) (?:(?:is|are|were|was|has|have|been) )+(?:affected|impacted)\b",
    r"\b(?:nobody|no one) (?:is|was|has been) (?:affected|impacted)\b",
    rf"\b{_WHOM} (?:is|are|was|were)(?: not|n't) (?:affected|impacted)\b",
    rf"\b(?:do|does|did|has|have|is|are|was)(?: not|n't) (?:affect|impact)(?:ed|ing)? {_WHOM}\b",
)

_COUNT = r"(?:\d+|an?|one|two|three|four|five|ten|fifteen|twenty|thirty|few|couple of|several)"
_CLOCK = rf"(?:the end of|about|around|approximately|roughly|{_TIME}|\d|tomorrow|today|tonight|noon|midnight)"
_WHEN = (
    rf"(?:\b(?:by|before|at|until) {_CLOCK}"
    rf"|\b(?:within|in) (?:the )?(?:next |about |around |approximately |less than )?(?:a )?{_COUNT} ?"
    r"(?:more |business )?(?:min(?:ute)?s?|hours?|hrs?|h|days?)\b|\bwithin the (?:hour|day)\b"
    r"|\b(?:shortly|soon|momentarily|tonight|tomorrow|today|this (?:morning|afternoon|evening))\b)"
)
_WILL = (
    r"(?<!not )(?<!n't )\b(?:will|'ll|expect(?:ed|s|ing)?|should|anticipate[ds]?|estimate[ds]?|aim(?:ing)?"
    r"|hope|plan(?:ning)?|going)\b"
)
_RESTORED = (
    r"(?:restor\w+|resol(?:ved?|ution)|fix(?:ed)?|recover(?:y|ed)?|repair(?:ed)?|operational|available"
    r"|back(?: up| online| to normal)?|normal(?:ly)?|mitigated|up and running|complete(?:d|ly)?)\b"
)
_OTHERWISE = r"(?:monitor|watch|keep|continu|investigat|work|not|reach|email|come|be delayed)"
PROMISES = _any(
    rf"{_WILL}(?:\W+(?!{_OTHERWISE})\w+){{0,7}}?\W+{_RESTORED}[^.;]{{0,60}}?{_WHEN}",
    rf"^\W*{_WHEN}[^.;]{{0,60}}?{_WILL}(?:\W+(?!{_OTHERWISE})\w+){{0,5}}?\W+{_RESTORED}",
    rf"\bETA\b(?! (?:is |are )?(?:not|un|yet))(?<!\bno ETA)(?<!\ban ETA)[^.;]{{0,40}}?{_WHEN}",
    r"\bETA:? (?:is )?\d",
)
"""A moment, or a length of time, at which service is said to be restored."""

NEWS = re.compile(
    r"(?:\b(?:(?:next|another|further|an?|our|more) ){0,3}(?:update|news)s?\b|\bmore information\b"
    r"|\b(?:(?:we )?(?:will|'ll) )?(?:(?:let you know|report back|keep you informed|post|inform)\b))[^.;,]*",
    re.IGNORECASE,
)
"""When more will be said."""

NOTICED = _any(
    r"\b(?:customers?|users?|visitors?|people|you|your|everyone|everybody|anyone|nobody|shoppers?|guests?)\b",
    r"\b(?:unable|cannot|can't|could not|couldn't|unavailable|inaccessible|unreachable|unresponsive|down)\b",
    r"\b(?:fail(?:s|ed|ing|ures?)?|errors?|slow\w*|delay\w*|late|latency|lost|missing|wrong|incorrect|stale)\b",
    r"\b(?:degrad\w+|disrupt\w+|interrupt\w+|outage|intermittent\w*|trouble|affect\w*|impact\w*|elevated)\b",
    r"\b(?:issues?|problems?|difficult\w+) (?:with|when|while|in|on|for|\w+ing)\b",
    r"\b(?:not|isn't|aren't|doesn't|don't|won't) (?:be )?(?:load|work|open|arriv|sen[dt]|process|show|respon"
    r"|complet|sync|deliver|receiv|updat|appear|display|play|accept)\w*",
    r"\b(?:takes?|taking) longer\b|\btim(?:e|es|ed|ing)[- ]?outs?\b",
)
"""Words in which customers tell what they notice."""
