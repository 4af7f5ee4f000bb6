#!/usr/bin/env python3
"""Writes the demo web site beside this script: pages/, site.json (what a plain file server cannot say) and expected.tsv (what a crawl must find).

    python3 samples/Site/generate.py

The output is checked in; run this only to change the site. expected.tsv is computed from the graph that the pages are written
from, not by reading the pages, so that it does not share a mistake with a crawler.
"""
import html
import json
import pathlib
import random
import shutil

HERE = pathlib.Path(__file__).resolve().parent
PAGES = HERE / "pages"
RNG = random.Random(20240229)

SUBJECTS = ["The river", "A lantern", "The old ferry", "Moss", "The watchmaker", "A heron", "The harbour", "Rain", "The orchard", "A bell",
            "The mill", "Winter light", "A letter", "The bridge keeper", "Salt", "The northern road"]
VERBS = ["waits for", "remembers", "turns towards", "carries", "outlives", "borrows from", "answers", "leaves behind", "circles", "mends"]
OBJECTS = ["the tide", "a quiet market", "the second bell", "its own echo", "the long wall", "a bundle of reeds", "the first frost", "an empty boat",
           "the lamplighter", "seven stones", "the miller's daughter", "a map without names"]
SECTIONS = ["rivers", "birds", "clocks", "boats", "bridges", "winds", "gardens", "stones", "lamps", "maps"]

pages = {}      # path -> dict(title, links, body, raw)
redirects = {}  # path -> target as written in the Location header
flaky = {}      # path -> how many requests fail before one succeeds
files = {}      # path -> bytes, for what is no HTML


def sentence():
    return f"{RNG.choice(SUBJECTS)} {RNG.choice(VERBS)} {RNG.choice(OBJECTS)}."


def prose(paragraphs=3):
    return "\n".join("<p>" + " ".join(sentence() for _ in range(RNG.randint(4, 7))) + "</p>" for _ in range(paragraphs))


def page(path, title, links=(), extra="", head="", follow=True, paragraphs=3, encoding="utf-8"):
    """links: (href as written, path it means or None if a crawler must not take it, text)"""
    pages[path] = dict(title=title, links=[target for _, target, _ in links if target] if follow else [],
                       hrefs=[(href, text) for href, _, text in links], extra=extra, head=head, paragraphs=paragraphs, encoding=encoding)


def same(*paths):
    return [(p, p, p.strip("/") or "home") for p in paths]


# Sections with articles: relative links, links up, links across, pagination in both directions.
for s, section in enumerate(SECTIONS):
    articles = [f"/{section}/{n:02}.html" for n in range(1, 17)]
    page(f"/{section}/", section.title(), [(f"{n:02}.html", a, f"{section} {n}") for n, a in enumerate(articles, 1)] + [("../", "/", "home"), ("./", f"/{section}/", "here")])
    for n, path in enumerate(articles, 1):
        links = [("./", f"/{section}/", "up"), ("/", "/", "home")]
        if n > 1:
            links.append((f"{n - 1:02}.html", articles[n - 2], "previous"))
        if n < len(articles):
            links.append((f"./{n + 1:02}.html#start", articles[n], "next"))
        other = SECTIONS[(s + n) % len(SECTIONS)]
        m = RNG.randint(1, 16)
        links.append((f"../{other}/{m:02}.html", f"/{other}/{m:02}.html", "see also"))
        links.append((f"/{other}/./x/../{m:02}.html", f"/{other}/{m:02}.html", "the same again"))
        page(path, f"{section.title()}, part {n}", links)

# A deep path, one level a page, that comes back to the root.
deep = "/deep/"
for level in range(1, 13):
    below = deep + f"l{level}/"
    page(deep, f"Depth {level - 1}", [(f"l{level}/", below, "deeper"), ("/", "/", "home")], paragraphs=1)
    deep = below
page(deep, "Depth 12", [("/", "/", "home"), ("../" * 13, "/", "all the way up")], paragraphs=1)

# A ring of pages that only know the next one.
for n in range(8):
    page(f"/ring/{n}.html", f"Ring {n}", [(f"{(n + 1) % 8}.html", f"/ring/{(n + 1) % 8}.html", "on")], paragraphs=1)

# One catalog page under several queries; the order of parameters does not matter, their values do.
page("/catalog.html", "Catalog", [("?page=2&amp;sort=name", "/catalog.html?page=2&sort=name", "by name"),
                                  ("?sort=name&amp;page=2", "/catalog.html?page=2&sort=name", "by name, too"),
                                  ("?page=2&amp;sort=age#list", "/catalog.html?page=2&sort=age", "by age"), ("?", "/catalog.html", "all")])

# Ways to link other than an anchor.
page("/ways/", "Ways to link", [("base.html", "/ways/base.html", "base"), ("old-charset.html", "/ways/old-charset.html", "charset"),
                                ("shouting.html", "/ways/shouting.html", "shouting"), ("refresh.html", "/ways/refresh.html", "refresh"),
                                ("with%20space.html", "/ways/with%20space.html", "space"), ("nofollow.html", "/ways/nofollow.html", "nofollow"),
                                ("noindex.html", "/ways/noindex.html", "noindex"), ("traps.html", "/ways/traps.html", "traps")])
page("/ways/base.html", "A base elsewhere", [("01.html", "/rivers/01.html", "a river")], head='<base href="/rivers/">')
page("/ways/old-charset.html", "Caf\u00e9 ol\u00e9", [("../", "/", "home")], head='<meta charset="iso-8859-1">', encoding="iso-8859-1")
page("/ways/shouting.html", "Shouting", [("/ways/frame.html", "/ways/frame.html", "framed")],
     extra='<MAP NAME=m><AREA SHAPE=rect COORDS="0,0,9,9" HREF=area.html></MAP><IFRAME SRC="frame.html"></IFRAME>')
pages["/ways/shouting.html"]["links"] += ["/ways/area.html"]
page("/ways/area.html", "Behind an image map", same("/"))
page("/ways/frame.html", "In a frame", same("/"))
page("/ways/refresh.html", "It moves on", head='<meta http-equiv="refresh" content="5; url=refreshed.html"><link rel="canonical" href="/ways/refresh.html">')
pages["/ways/refresh.html"]["links"] += ["/ways/refreshed.html"]
page("/ways/refreshed.html", "It moved on", same("/"))
page("/ways/with%20space.html", "A space in the name", same("/"))
page("/ways/nofollow.html", "Follow nothing", [("hidden.html", "/ways/hidden.html", "hidden")], head='<meta name="robots" content="nofollow">', follow=False)
page("/ways/hidden.html", "Nobody leads here", same("/"))
page("/ways/noindex.html", "Do not index", same("/"), head='<meta name="robots" content="noindex">')
page("/ways/traps.html", "What is no link", [("mailto:nobody@example.org", None, "mail"), ("javascript:void(0)", None, "script"), ("https://example.org/", None, "outside"), ("#top", "/ways/traps.html", "here")],
     extra='<!-- <a href="commented.html">no</a> --><script>document.write("<a href=\'scripted.html\'>no</a>")</script>'
           '<textarea><a href="typed.html">no</a></textarea><a rel="nofollow" href="unfollowed.html">no</a><a name="anchor">no link</a>')

# Robots: a folder that is closed but for one page, and drafts anywhere.
page("/private/", "Private", same("/private/diary.html"))
page("/private/diary.html", "Diary", same("/private/deeper.html"))
page("/private/press.html", "Press", same("/"))
page("/boats/plans.draft.html", "Draft", same("/"))

# Dead links, redirects, failures that pass, and files that are no HTML.
redirects.update({"/old-home": "/", "/moved/rivers": "/rivers/", "/moved/chain-1": "/moved/chain-2", "/moved/chain-2": "chain-3", "/moved/chain-3": "/birds/03.html",
                  "/moved/loop-a": "/moved/loop-b", "/moved/loop-b": "/moved/loop-a", "/moved/outside": "https://example.org/", "/moved/private": "/private/diary.html"})
page("/moved/", "Moved", [(p, p, p) for p in ["/old-home", "/moved/rivers", "/moved/chain-1", "/moved/loop-a", "/moved/outside", "/moved/private"]] + [("/", "/", "home")])
for n in (1, 2, 3):
    flaky[f"/weather/{n}.html"] = n
    page(f"/weather/{n}.html", f"Weather {n}", same("/weather/"))
page("/weather/", "Weather", [(f"{n}.html", f"/weather/{n}.html", f"report {n}") for n in (1, 2, 3)] + [("tomorrow.html", "/weather/tomorrow.html", "tomorrow"), ("/", "/", "home")])
files["/files/notes.txt"] = ("Plain text with <a href='no-link.html'>no link</a>.\n" * 20).encode()
files["/files/drawing.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4" cx="4" cy="4"/></svg>\n'
files["/files/data.bin"] = bytes((n * 7) % 256 for n in range(2048))
page("/files/", "Files", [(name, f"/files/{name}", name) for name in ("notes.txt", "drawing.svg", "data.bin", "missing.pdf")] + [("/", "/", "home")])

page("/", "The quiet almanac", [(f"{section}/", f"/{section}/", section) for section in SECTIONS]
     + same("/deep/", "/ring/0.html", "/catalog.html", "/ways/", "/moved/", "/weather/", "/files/", "/nowhere.html")
     + [("/private/", "/private/", "private"), ("/private/press.html", "/private/press.html", "press"), ("boats/plans.draft.html", "/boats/plans.draft.html", "draft")])

ROBOTS = """# The demo site keeps a few pages to itself.
User-agent: *
Disallow: /private/
Allow: /private/press.html
Disallow: /*.draft.html$

User-agent: somebody-else
Disallow: /
"""


def disallowed(path):
    return (path.startswith("/private/") and not path.startswith("/private/press.html")) or path.endswith(".draft.html")


def render(path, p):
    links = "\n".join(f'<li><a href="{href}">{html.escape(text)}</a></li>' for href, text in p["hrefs"])
    return (f"<!doctype html>\n<html lang=\"en\">\n<head>\n<title>{html.escape(p['title'])}</title>\n{p['head']}\n</head>\n<body>\n<h1 id=\"top\">{html.escape(p['title'])}</h1>\n"
            f"{prose(p['paragraphs'])}\n<ul>\n{links}\n</ul>\n{p['extra']}\n</body>\n</html>\n").encode(p["encoding"])


def write(path, content):
    name = path.replace("%20", " ")
    target = PAGES / (name[1:] + ("index.html" if name.endswith("/") else ""))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def visit(path):
    """(outcome, status, links) of one URL, as a crawler must see it."""
    seen = []
    while True:
        if disallowed(path):
            return "refused", 0, []
        if path not in redirects:
            break
        seen.append(path)
        target = redirects[path]
        if target.startswith("https://"):
            return "refused", 302, []
        path = target if target.startswith("/") else path.rsplit("/", 1)[0] + "/" + target
        if path in seen:
            return "failed", 302, []
    bare = path.split("?")[0]
    if bare in files:
        kept = bare.endswith(".txt")
        return ("page", 200, []) if kept else ("refused", 200, [])
    if bare in pages:
        return "page", 200, pages[bare]["links"]
    return "failed", 404, []


def main():
    shutil.rmtree(PAGES, ignore_errors=True)
    for path, p in pages.items():
        write(path, render(path, p))
    for path, content in files.items():
        write(path, content)
    write("/robots.txt", ROBOTS.encode())
    (HERE / "site.json").write_text(json.dumps(dict(redirects=redirects, flaky=flaky), indent=2) + "\n")
    expected, queue = {}, [("/", 0)]
    for path, depth in queue:
        if path in expected:
            continue
        outcome, status, links = visit(path)
        expected[path] = (outcome, status)
        queue += [(link, depth + 1) for link in links]
    lines = [f"{path}\t{outcome}\t{status}\n" for path, (outcome, status) in sorted(expected.items())]
    (HERE / "expected.tsv").write_text("path\toutcome\tstatus\n" + "".join(lines))
    print(f"{len(pages)} pages, {len(expected)} URLs to find")


main()
