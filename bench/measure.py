#!/usr/bin/env python3
"""Measure named requests of one or more web targets on this machine, interleaved, and print ratios.

  measure.py TARGET.json [TARGET.json ...] [--rounds 3] [--requests 40] [--seconds 4]
             [--clients 1,8] [--roles list,save] [--base-target NAME] [--json OUT.json]
  measure.py --quick OURS.json FLOOR.json      one client, a few roles, under 60 seconds

Each round runs every request of every target once in turn (A B A B ...), so that a drift of
the machine's speed falls on all of them alike; ratios are taken round by round between
requests of the same role. Bounded: at most --requests requests a client and --seconds
seconds a block. Only 127.0.0.1, ::1 and localhost are accepted as targets.
Standard library only. See README.md for the target file's form.
"""
import argparse
import gzip
import html
import html.parser
import json
import multiprocessing as mp
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import uuid
import zlib

LOCAL = {"127.0.0.1", "localhost", "::1"}
QUICK_ROLES = ("bare", "login", "list", "overview", "detail", "detail_next", "save", "save_plain", "answers", "review",
               "review_save", "report_pdf")
QUICK_SECONDS = 50               # of the whole run; what is under way then may end
TIMEOUT = [120.0]                # of one answer, in seconds


# ---------------------------------------------------------------- a small HTTP client
class Response:
    __slots__ = ("status", "headers", "body", "wire")

    def __init__(self, status, headers, body, wire):
        self.status, self.headers, self.body, self.wire = status, headers, body, wire

    def header(self, name, default=""):
        name = name.lower()
        return next((v for k, v in self.headers if k.lower() == name), default)

    def text(self):
        body = self.body
        if self.header("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return body.decode("utf-8", "replace")


class Client:
    """One cookie jar and, where the server allows it, one kept connection."""

    def __init__(self, base, headers=None):
        parts = urllib.parse.urlsplit(base)
        if parts.hostname not in LOCAL or parts.scheme != "http":
            sys.exit(f"refused: {base} is not http on this machine")
        self.host, self.port = parts.hostname, parts.port or 80
        self.cookies, self.extra, self.sock = {}, dict(headers or {}), None
        self.csrf_token = ""
        self.form_cache = {}
        self.taken = {}                  # values taken from earlier answers

    def close(self):
        if self.sock:
            self.sock.close()
            self.sock = None

    def request(self, method, path, body=b"", content_type=None, headers=None):
        head = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "Accept-Encoding: gzip",
                "Connection: keep-alive", "Accept: text/html,application/json;q=0.9,*/*;q=0.8"]
        if self.cookies:
            head.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if body or method not in ("GET", "HEAD"):
            head.append(f"Content-Length: {len(body)}")
        if content_type:
            head.append(f"Content-Type: {content_type}")
        for k, v in {**self.extra, **(headers or {})}.items():
            head.append(f"{k}: {v}")
        raw = ("\r\n".join(head) + "\r\n\r\n").encode() + body
        kept = self.sock is not None
        try:
            return self._exchange(raw, TIMEOUT[0])
        except (ConnectionError, OSError, ValueError):
            self.close()
            if not kept:
                raise
            return self._exchange(raw, TIMEOUT[0])

    def _exchange(self, raw, timeout):
        if self.sock is None:
            self.sock = socket.create_connection((self.host, self.port), timeout=timeout)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock = self.sock
        sock.sendall(raw)
        buf = b""
        while b"\r\n\r\n" not in buf:
            chunk = sock.recv(65536)
            if not chunk:
                raise ConnectionError("closed before the headers")
            buf += chunk
        head, _, rest = buf.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        headers = [tuple(x.strip() for x in line.split(":", 1)) for line in lines[1:]]
        low = {k.lower(): v for k, v in headers}
        parts = [rest]
        got = len(rest)
        if "content-length" in low:
            need = int(low["content-length"])
            while got < need:
                chunk = sock.recv(262144)
                if not chunk:
                    raise ConnectionError("closed inside the body")
                parts.append(chunk)
                got += len(chunk)
            body = b"".join(parts)
            wire = len(head) + 4 + len(body)
        elif low.get("transfer-encoding", "").lower() == "chunked":
            data = rest
            while not data.endswith(b"0\r\n\r\n"):
                chunk = sock.recv(262144)
                if not chunk:
                    raise ConnectionError("closed inside the body")
                data += chunk
            wire = len(head) + 4 + len(data)
            out, pos = [], 0
            while True:
                eol = data.index(b"\r\n", pos)
                size = int(data[pos:eol].split(b";")[0], 16)
                if not size:
                    break
                out.append(data[eol + 2:eol + 2 + size])
                pos = eol + 2 + size + 2
            body = b"".join(out)
        else:
            while chunk := sock.recv(262144):
                parts.append(chunk)
            body = b"".join(parts)
            wire = len(head) + 4 + len(body)
        for k, v in headers:
            if k.lower() == "set-cookie":
                name, _, value = v.split(";", 1)[0].partition("=")
                if value in ("", '""'):
                    self.cookies.pop(name.strip(), None)
                else:
                    self.cookies[name.strip()] = value.strip()
        if low.get("connection", "").lower() == "close" or ("content-length" not in low and "transfer-encoding" not in low):
            self.close()
        return Response(status, headers, body, wire)


class FormParser(html.parser.HTMLParser):
    """All forms of a page, each as (attributes, [(name, value)])."""

    def __init__(self):
        super().__init__()
        self.forms, self.cur, self.select, self.area, self.loose = [], None, None, None, []

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self.cur = (a, [])
            self.forms.append(self.cur)
        name = a.get("name")
        if self.cur is None:
            if tag == "input" and name:          # outside a form: only "take" looks at these
                self.loose.append((name, a.get("value") or ""))
            return
        if tag == "input" and name and "disabled" not in a:
            kind = (a.get("type") or "text").lower()
            if kind in ("checkbox", "radio") and "checked" not in a:
                return
            if kind in ("submit", "button", "image", "file", "reset"):
                return
            self.cur[1].append((name, a.get("value") or ("on" if kind == "checkbox" else "")))
        elif tag == "select":
            self.select = (name, [], "multiple" in a)
        elif tag == "option" and self.select:
            self.select[1].append([a.get("value"), "selected" in a, ""])
        elif tag == "textarea":
            self.area = [name, ""]

    def handle_data(self, data):
        if self.area:
            self.area[1] += data
        elif self.select and self.select[1]:
            self.select[1][-1][2] += data

    def handle_endtag(self, tag):
        if tag == "select" and self.select and self.cur is not None:
            name, options, multiple = self.select
            chosen = [o for o in options if o[1]] or ([] if multiple else options[:1])
            if name:
                self.cur[1].extend((name, o[0] if o[0] is not None else o[2].strip()) for o in chosen)
            self.select = None
        elif tag == "textarea" and self.area:
            if self.cur is not None and self.area[0]:
                self.cur[1].append((self.area[0], self.area[1].removeprefix("\n")))
            self.area = None
        elif tag == "form":
            self.cur = None


CSRF_FIELD = "csrfmiddlewaretoken"


def csrf_of(client, page=None):
    if page:
        m = re.search(r'name=["\']?%s["\']?[^>]*value=["\']?([A-Za-z0-9]+)' % CSRF_FIELD, page)
        if m:
            client.csrf_token = m.group(1)
    if not client.csrf_token:
        client.csrf_token = next((v for k, v in client.cookies.items() if "csrf" in k.lower()), "")
    return client.csrf_token


def fill(value, names):
    if isinstance(value, str):
        whole = re.fullmatch(r"\{(\w+)\}", value)
        if whole and whole.group(1) in names:      # "{version}" alone keeps its type in JSON
            return names[whole.group(1)]
        for k, v in names.items():
            value = value.replace("{" + k + "}", str(v))
        return value
    if isinstance(value, list):
        return [fill(v, names) for v in value]
    if isinstance(value, dict):
        return {k: fill(v, names) for k, v in value.items()}
    return value


def take(client, step, resp):
    """Keep values of an answer for the next requests of this client: "take": {"version": "json:answer.version"}."""
    for name, where in step["take"].items():
        kind, _, what = where.partition(":")
        value = None
        if kind == "json":
            value = json.loads(resp.text())
            for part in what.split("."):
                value = value[int(part)] if isinstance(value, list) else value[part]
        elif kind == "header":
            value = resp.header(what, None)
        elif kind == "cookie":
            value = client.cookies.get(what)
        elif kind == "input":
            parser = FormParser()
            parser.feed(resp.text())
            value = next((v for _, form in [*parser.forms, ({}, parser.loose)] for n, v in form if n == what), None)
        elif kind == "re":
            found = re.search(what, resp.text())
            value = html.unescape(found.group(1)) if found else None
        else:
            raise RuntimeError(f"take {where!r}: json:, header:, cookie:, input: or re: wanted")
        if value is None:
            raise RuntimeError(f"{step.get('path')}: the answer has nothing for {name} ({where})")
        client.taken[name] = value


def prepare(client, req, names):
    """What a client does once before its requests count: the page that gives the first version, for example."""
    for step in req.get("prepare", []):
        resp = run_step(client, step, names)
        if "html" in resp.header("content-type"):
            csrf_of(client, resp.text())


def run_step(client, step, names):
    """One request of a login script or of a measured action. Returns a Response."""
    if "until" in step:                  # ask again until the answer has the text: a job in the background
        end = time.monotonic() + step.get("limit", 60)
        ask = {k: v for k, v in step.items() if k not in ("until", "every", "limit")}
        while True:
            resp = run_step(client, ask, names)
            if fill(step["until"], {**names, **client.taken}) in resp.text():
                return resp
            if time.monotonic() > end:
                raise RuntimeError(f"{step}: not there in time")
            time.sleep(step.get("every", 0.1))
    names = {**names, **client.taken, "key": str(uuid.uuid4())}      # {key} is new for every request
    if "get" in step:
        step = {**step, "path": step["get"], "method": "GET"}
    if "post" in step:
        step = {**step, "path": step["post"], "method": "POST"}
    method = step.get("method", "POST" if ("form" in step or "form_from" in step) else "GET")
    path = str(fill(step["path"], names))
    body, ctype = b"", None
    headers = {k: str(v) for k, v in fill(step.get("headers", {}), names).items()}
    if "form" in step or "form_from" in step:
        pairs = []
        if "form_from" in step:          # start from the form that the page itself shows
            src = str(fill(step["form_from"], names))
            pairs = client.form_cache.get(src) if not step.get("form_fresh") else None
            if pairs is None:
                page = client.request("GET", src).text()
                csrf_of(client, page)
                parser = FormParser()
                parser.feed(page)
                want = step.get("form_has", "")
                pairs = next((f for a, f in parser.forms if any(n == want for n, _ in f)), None) if want else None
                if pairs is None:
                    pairs = max((f for a, f in parser.forms if (a.get("method") or "").lower() == "post"), key=len,
                                default=[])
                client.form_cache[src] = pairs
        over = fill(step.get("form", {}), names)
        pairs = [(k, v) for k, v in pairs if k not in over and k != CSRF_FIELD] + list(over.items())
        pairs.append((CSRF_FIELD, csrf_of(client)))
        if step.get("multipart"):
            mark = "bench-boundary"
            body = "".join(f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in pairs)
            body = (body + f"--{mark}--\r\n").encode()
            ctype = f"multipart/form-data; boundary={mark}"
        else:
            body, ctype = urllib.parse.urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        headers.setdefault("X-CSRFToken", client.csrf_token)
    elif "json" in step:
        body, ctype = json.dumps(fill(step["json"], names)).encode(), "application/json"
        headers.setdefault("X-CSRFToken", csrf_of(client))
    headers.setdefault("Referer", f"http://{client.host}:{client.port}{path.split('?')[0]}")
    resp = client.request(method, path, body, ctype, headers)
    ok = step.get("expect", [200])
    if resp.status not in ok:
        raise RuntimeError(f"{method} {path}: status {resp.status}, wanted {ok}: {resp.text()[:300]!r}")
    if step.get("contains") and fill(step["contains"], names) not in resp.text():
        raise RuntimeError(f"{method} {path}: the answer lacks {step['contains']!r}")
    if step.get("take"):
        take(client, {**step, "path": path}, resp)
    return resp


def log_in(target, name):
    client = Client(target["base"], target.get("headers"))
    for step in (target.get("sessions") or {}).get(name, []):
        for cookie, values in step.get("cookies", {}).items():   # made beforehand, one a client in turn
            client.cookies[cookie] = values[0]
            values.append(values.pop(0))
        if "cookies" in step:
            continue
        resp = run_step(client, step, {})
        if step.get("get"):
            csrf_of(client, resp.text() if "html" in resp.header("content-type") else None)
    client.csrf_token = ""           # the token turns at login
    return client


# ---------------------------------------------------------------- one block of load
def block_worker(target, req, cookies, index, count, seconds, barrier, pipe):
    client = Client(target["base"], target.get("headers"))
    client.cookies = dict(cookies)
    rng = random.Random(index)
    # the first go is not counted: it fetches the form where one is needed
    lat, wire, errors, first = [], 0, 0, ""
    steps = req.get("steps") or req.get("script") or [req]

    def names(i):
        n = {k: rng.choice(v) for k, v in (target.get("vars") or {}).items()}
        n.update({k: v[index % len(v)] for k, v in (target.get("per_client") or {}).items()})
        n.update(drawn(target, req))
        n["n"] = f"{os.getpid()}-{i}"
        n["client"] = index
        return n
    try:
        prepare(client, req, names("p"))
        if any("form_from" in s for s in steps):
            for s in steps:
                run_step(client, s, names("w"))
    except Exception as exc:  # noqa: BLE001
        first = repr(exc)
    barrier.wait()                        # the parent reads the CPU time between the two
    barrier.wait()
    begin = time.monotonic()
    for i in range(count):
        if i and time.monotonic() - begin > seconds:
            break
        use = client
        if req.get("script"):            # a whole login, with its own empty cookie jar
            use = Client(target["base"], target.get("headers"))
        t = time.perf_counter()
        try:
            nm, size = names(i), 0
            for s in steps:
                resp = run_step(use, s, nm)
                size += resp.wire
                if req.get("script") and s.get("get"):
                    csrf_of(use, resp.text())
            lat.append((time.perf_counter() - t) * 1000)
            wire += size
        except Exception as exc:  # noqa: BLE001
            errors += 1
            first = first or repr(exc)
            if errors > 5:
                break
            if req.get("prepare"):       # a stale version must not spoil what follows
                try:
                    prepare(client, req, names(f"r{i}"))
                except Exception:  # noqa: BLE001, S110
                    pass
    end = time.monotonic()
    pipe.send((lat, wire, errors, first, begin, end))
    pipe.close()


def drawn(target, req):
    """The next value of each list of "once" that the request names: no value twice in the whole run."""
    out, text = {}, json.dumps(req)
    for name, (counter, values) in target.get("_once", {}).items():
        if "{" + name + "}" in text:
            with counter.get_lock():
                out[name] = values[counter.value % len(values)]
                counter.value += 1
    return out


def cpu_ms(pidfile):
    """CPU time used so far by a server and all its children, in ms, and the memory of its workers.

    fine: nanoseconds of what runs now; coarse: in steps of 10 ms, with threads and children that have ended.
    """
    fine, coarse, rss, pss = 0.0, 0.0, [], []
    tree = family(pidfile)
    for pid in tree:
        fine += sum(float(read(f"/proc/{pid}/task/{task}/schedstat").split(" ")[0] or 0) / 1e6
                    for task in safe_list(f"/proc/{pid}/task"))
        stat = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        coarse += sum(map(int, stat[11:15])) * 1000 / os.sysconf("SC_CLK_TCK") if stat else 0
    workers = children(tree[0]) or tree if tree else []
    for pid in workers:
        roll = read(f"/proc/{pid}/smaps_rollup")
        for key, dest in (("Rss", rss), ("Pss", pss)):
            m = re.search(rf"^{key}:\s+(\d+)", roll, re.M)
            if m:
                dest.append(int(m.group(1)) / 1024)
    return (fine, coarse), rss, pss, sorted(tree)


def children(pid):
    return [int(p) for task in safe_list(f"/proc/{pid}/task") for p in read(f"/proc/{pid}/task/{task}/children").split()]


def family(pidfile):
    """The process named in the pid file and everything below it."""
    try:
        with open(pidfile) as fh:
            tree = [int(fh.read())]
    except (OSError, TypeError, ValueError):
        return []
    for pid in tree:
        tree += children(pid)
    return tree if os.path.exists(f"/proc/{tree[0]}") else []


def read(path):
    try:
        with open(path) as fh:
            return fh.read()
    except OSError:
        return ""


def safe_list(path):
    try:
        return os.listdir(path)
    except OSError:
        return []


def sql(target, query):
    if not target.get("psql"):
        return None
    out = subprocess.run([*target["psql"], "-Atqc", query], capture_output=True, text=True)
    return out.stdout.strip() if out.returncode == 0 else None


STATS = ("select coalesce(sum(calls),0), coalesce(sum(total_exec_time),0) from pg_stat_statements "
         "where dbid=(select oid from pg_database where datname='{db}') "
         "and query not like '%pg_stat_statements%'")


def run_block(target, req, sessions, clients, count, seconds):
    ctx = mp.get_context("fork")
    barrier, procs, pipes = ctx.Barrier(clients + 1, timeout=120), [], []
    jars = sessions.get(req.get("session"), [{}] * clients)
    for i in range(clients):
        a, b = ctx.Pipe(duplex=False)
        p = ctx.Process(target=block_worker, args=(target, req, jars[i % len(jars)], i, count, seconds, barrier, b))
        p.start()
        b.close()
        procs.append(p)
        pipes.append(a)
    barrier.wait()
    cpu0 = cpu_ms(target.get("pidfile"))
    barrier.wait()
    lat, wire, errors, first, begins, ends = [], 0, 0, "", [], []
    for a in pipes:
        got = a.recv()
        lat += got[0]
        wire += got[1]
        errors += got[2]
        first = first or got[3]
        begins.append(got[4])
        ends.append(got[5])
    for p in procs:
        p.join()
    cpu1 = cpu_ms(target.get("pidfile"))
    if not lat:
        return {"errors": errors, "first_error": first}
    took = max(ends) - min(begins)
    out = {"n": len(lat), "p50": pct(lat, 50), "p95": pct(lat, 95), "rps": len(lat) / took if took else 0,
           "wire": wire / len(lat), "errors": errors}
    if first:
        out["first_error"] = first
    if cpu0[3] and cpu1[3] and cpu0[3][0] == cpu1[3][0]:
        fine, coarse = (y - x for x, y in zip(cpu0[0], cpu1[0]))
        ended = cpu0[3] != cpu1[3] or coarse - fine > 20 * len(cpu1[3])
        out["cpu_ms"] = (coarse if ended else fine) / (len(lat) + errors)
    return out


def pct(values, p):
    values = sorted(values)
    k = (len(values) - 1) * p / 100
    lo = int(k)
    hi = min(lo + 1, len(values) - 1)
    return values[lo] + (values[hi] - values[lo]) * (k - lo)


# ---------------------------------------------------------------- what is counted once
TAG = re.compile(r"<(script|link|img|source|image|use)\b[^>]*>", re.I)
ASSET = re.compile(r"""\s(?:src|href|xlink:href)\s*=\s*["']?([^"'\s>]+)""", re.I)
URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


def join(base, url):
    """As browsers do: urllib's drops empty segments, so "..//../x" would go one folder too high."""
    if ":" in url.partition("/")[0] or url.startswith(("/", "?")) or not url:
        return urllib.parse.urljoin(base, url)
    path, mark, query = url.partition("?")
    out = urllib.parse.urlsplit(base).path.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            out = out[:-1] or [""]
        elif part != ".":
            out.append(part)
    return urllib.parse.urljoin(base, "/".join(out or [""]) + mark + query)


def plain_of(resp):
    return gzip.decompress(resp.body) if resp.header("content-encoding") == "gzip" else resp.body


def css_blocks(text, pos=0):
    """(head, body) of every block of a style sheet, one level."""
    while (start := text.find("{", pos)) >= 0:
        depth, end = 1, start + 1
        while depth and end < len(text):
            nxt = re.compile(r"[{}]").search(text, end)
            if not nxt:
                end = len(text)
                break
            depth += 1 if nxt.group(0) == "{" else -1
            end = nxt.end()
        yield text[pos:start].rpartition(";")[2].strip(), text[start + 1:end - 1]
        pos = end


def css_rules(text):
    for head, body in css_blocks(text):
        if re.match(r"@media\s+print\b", head):
            continue
        if re.match(r"@(media|supports|layer|container|scope)\b", head):
            yield from css_rules(body)
        else:
            yield head, body


def in_range(ranges, chars):
    for part in ranges.upper().replace("U+", "").split(","):
        low, _, high = part.strip().partition("-")
        low, high = low.replace("?", "0"), high or low.replace("?", "F")
        if any(int(low, 16) <= c <= int(high, 16) for c in chars):
            return True
    return False


def may_match(selector, words, markup):
    selector = re.sub(r":(not|where|is|has)\([^)]*\)", "", selector)
    for attr, how, value in re.findall(r"\[([\w-]+)\s*(?:([~|^$*]?=)[\"']?([^\"'\]]*))?[^\]]*\]", selector):
        want = re.escape(value) + r"[\"'\s>]" if how == "=" else r"[^\"'>]*" + re.escape(value) if how else ""
        if not re.search(rf"\s{attr}" + (rf"\s*=\s*[\"']?{want}" if how else ""), markup):
            return False
    bare = re.sub(r"\[[^\]]*\]|::?[\w-]+", "", selector)
    if not set(re.findall(r"[.#]([\w-]+)", bare)) <= words:
        return False
    return all(re.search(rf"<{tag}\b", markup, re.I) for tag in re.findall(r"(?<![\w.#-])[a-zA-Z][\w-]*", bare))


def css_assets(sheets, markup):
    """Fonts and pictures that the style sheets of a page name and the page can need: [(sheet's URL, URL)].

    An upper bound: a font counts when a rule names its family and its unicode-range meets the page's text (one file a
    face, all weights); a picture counts when the classes and ids of one of its selectors stand in the page.
    """
    css = [(url, re.sub(r"/\*.*?\*/", "", text, flags=re.S)) for url, text in sheets]
    rules = [(url, head, body) for url, text in css for head, body in css_rules(text)]
    named = "\n".join(body for _, head, body in rules if not head.startswith("@"))
    inline = " ".join(html.unescape(a or b) for a, b in re.findall(r"\sstyle\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", markup))
    named += inline
    chars = {ord(c) for c in html.unescape(re.sub(r"<[^>]+>", " ", markup))}
    words = set(re.findall(r"[\w-]+", " ".join(re.findall(r"(?:class|id)\s*=\s*[\"']?([^\"'>]+)", markup))))
    for url, head, body in rules:
        found = [u for u in URL.findall(body) if not u.startswith(("data:", "#"))]
        if not found:
            continue
        if head.startswith("@font-face"):
            family = re.search(r"font-family\s*:\s*[\"']?([^\"';}]+)", body)
            span = re.search(r"unicode-range\s*:\s*([^;}]+)", body)
            if family and family.group(1).strip() in named and (not span or in_range(span.group(1), chars)):
                woff2 = re.search(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)\s*format\([\"']?woff2", body)
                yield url, woff2.group(1) if woff2 else found[0]
        elif not head.startswith("@"):
            if any(may_match(sel, words, markup) for sel in head.split(",")):
                for u in found:
                    yield url, u
    for u in URL.findall(inline):
        yield "/", u


def page_weight(target, req, jar):
    """Bytes and requests of a first visit: the page, its data calls, its css, scripts, pictures, fonts."""
    client = Client(target["base"], target.get("headers"))
    client.cookies = dict(jar)
    names = {**first_names(target), **drawn(target, req)}
    prepare(client, req, names)
    seen, assets, sheets, markup = set(), [], [], ""
    out = {"requests": 0, "wire": 0, "html_raw": 0, "html_gz": 0, "css": 0, "js": 0, "img": 0, "font": 0, "data": 0}
    for step in req.get("steps") or [req]:
        resp = run_step(client, step, names)
        out["requests"] += 1
        ctype, plain = resp.header("content-type"), plain_of(resp)
        gz = len(zlib.compress(plain, 6))
        out["wire"] += gz
        if "html" not in ctype:
            out["data"] += gz
            continue
        out["html_raw"] += len(plain)
        out["html_gz"] += gz
        text, base = plain.decode("utf-8", "replace"), str(fill(step.get("path") or step.get("get") or "/", names))
        markup += text
        sheets += [(base, style) for style in re.findall(r"<style[^>]*>(.*?)</style>", text, re.S | re.I)]
        for tag in TAG.finditer(re.sub(r"<!--.*?-->|<noscript.*?</noscript>", "", text, flags=re.S)):
            t = tag.group(0)
            if tag.group(1).lower() == "link" and (not re.search(r"rel=[\"']?[^\"'>]*(stylesheet|icon|preload)", t, re.I)
                                                   or re.search(r"media=[\"']?print", t, re.I)):
                continue
            m = ASSET.search(t)
            if m and not m.group(1).startswith("#"):
                assets.append(join(base, m.group(1).replace("&amp;", "&").partition("#")[0]))
    while True:
        if not assets:                    # the style sheets are all here: what do they ask for?
            assets = [a for a in (join(b, u.partition("#")[0]) for b, u in css_assets(sheets, markup))
                      if a not in seen and not a.startswith("data:")]
            if not assets:
                break
        url = assets.pop(0)
        if url in seen or url.startswith("data:"):
            continue
        seen.add(url)
        parts = urllib.parse.urlsplit(url)
        if parts.hostname and parts.hostname not in LOCAL:
            out.setdefault("elsewhere", []).append(url)
            continue
        resp = client.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
        if resp.status != 200:
            out.setdefault("missing", []).append(url)
            continue
        out["requests"] += 1
        ctype = resp.header("content-type")
        size = len(resp.body)
        kind = ("css" if "css" in ctype else "js" if "javascript" in ctype else "font" if "font" in ctype
                or re.search(r"\.(woff2?|ttf|otf)$", parts.path) else "img")
        if (kind in ("css", "js") or "svg" in ctype) and resp.header("content-encoding") not in ("gzip", "br"):
            size = len(zlib.compress(resp.body, 6))
        out[kind] += size
        out["wire"] += size
        if kind == "css":
            text = plain_of(resp).decode("utf-8", "replace")
            sheets.append((parts.path, text))
            for m in re.finditer(r"@import\s+(?:url\()?[\"']?([^\"')\s;]+)", text):
                assets.append(join(parts.path, m.group(1)))
    return out


def first_names(target):
    names = {k: v[0] for k, v in {**(target.get("vars") or {}), **(target.get("per_client") or {})}.items()}
    names["n"] = names["client"] = "0"
    return names


SKIP_SQL = {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "RESET", "SHOW", "DISCARD", "START", "DEALLOCATE"}
LOG_LINE = re.compile(r"LOG:\s+(?:duration: ([\d.]+) ms\s+)?(?:statement|execute [^:]*): *(\w+)")


def header_count(resp):
    """(statements, ms) from X-Query-Count, or from a Server-Timing entry with sql or db in its name."""
    count = resp.header("x-query-count")
    timing = next((p for p in resp.header("server-timing").split(",") if re.match(r"\s*\w*(sql|db)", p, re.I)), "")
    spent = re.search(r"dur=\"?([\d.]+)", timing)
    if not count:
        found = re.search(r"(?:desc|count)=\"?\D*?(\d+)", timing)
        count = found.group(1) if found else None
    return (int(count), float(spent.group(1)) if spent else None) if count else None


class Log:
    """PostgreSQL's log of a private server; switches the logging on for the count where "psql" is given."""

    def __init__(self, target):
        self.target, self.path = target, target["pg_log"]

    def __enter__(self):
        sql(self.target, "alter system set log_min_duration_statement=0")
        sql(self.target, "select pg_reload_conf()")
        time.sleep(0.3)
        self.at = os.path.getsize(self.path)
        return self

    def counted(self):
        time.sleep(0.3)
        with open(self.path, errors="replace") as fh:
            fh.seek(self.at)
            lines = [m.groups() for m in map(LOG_LINE.search, fh) if m and m.group(2).upper() not in SKIP_SQL]
        return len(lines), sum(float(ms or 0) for ms, _ in lines)

    def __exit__(self, *_):
        sql(self.target, "alter system reset log_min_duration_statement")
        sql(self.target, "select pg_reload_conf()")
        time.sleep(0.2)


def query_count(target, req, jar, reps=2):
    """SQL statements and database time of one request: from pg_stat_statements, else a header, else the log."""
    client = Client(target["base"], target.get("headers"))
    client.cookies = dict(jar)
    names = {**first_names(target), **drawn(target, req)}
    steps = req.get("steps") or ([req] if not req.get("script") else [])
    if not steps:
        return None
    prepare(client, req, names)
    for s in steps:                       # not counted: warms caches and the form
        run_step(client, s, {**names, "n": "q"})

    def go():
        each = [{**names, **drawn(target, req), "n": f"q{i}"} for i in range(reps)]
        seen = [header_count(run_step(client, s, own)) for own in each for s in steps]
        if any(x is None for x in seen):
            return None
        spent = [x[1] for x in seen if x[1] is not None]
        return sum(x[0] for x in seen) / reps, sum(spent) / reps if spent else None
    stats = STATS.replace("{db}", target.get("db", ""))
    before = sql(target, stats)
    if before is not None:
        go()
        b, a = before.split("|"), sql(target, stats).split("|")
        return {"queries": (int(a[0]) - int(b[0])) / reps, "db_ms": (float(a[1]) - float(b[1])) / reps, "from": "stat"}
    got = go()
    if got:
        return {"queries": got[0], "db_ms": got[1], "from": "header"}
    if target.get("pg_log"):
        with Log(target) as log:
            go()
            n, ms = log.counted()
        return {"queries": n / reps, "db_ms": ms / reps, "from": "log"}
    return None


def pdf_facts(body):
    """Pages, figures of the structure tree and whether the file is tagged; looks into compressed streams too."""
    text = re.sub(rb"stream\r?\n.*?endstream", b"", body, flags=re.S)
    for m in re.finditer(rb"stream\r?\n(.*?)endstream", body, re.S):
        try:
            data = zlib.decompressobj().decompress(m.group(1))
        except zlib.error:
            continue
        if b"/Type" in data or b"/S " in data or b"/S/" in data:
            text += data
    return {"pages": len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", text)),
            "charts": len(re.findall(rb"/S\s*/Figure\b", text)),
            "tagged": bool(re.search(rb"/MarkInfo\s*<<[^>]*/Marked\s+true", text)), "kib": len(body) / 1024}


def pdf_of(target, req, jar):
    client = Client(target["base"], target.get("headers"))
    client.cookies = dict(jar)
    names = {**first_names(target), **drawn(target, req)}
    prepare(client, req, names)
    for step in req.get("steps") or [req]:
        resp = run_step(client, step, names)
        if plain_of(resp).startswith(b"%PDF"):
            return pdf_facts(plain_of(resp))
    return None


# ---------------------------------------------------------------- the run
def table(rows, head):
    rows = [[str(c) for c in r] for r in rows]
    widths = [max(len(r[i]) for r in [head, *rows]) for i in range(len(head))]
    line = lambda r: "| " + " | ".join(c.ljust(w) for c, w in zip(r, widths)) + " |"  # noqa: E731
    print(line(head))
    print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
    for r in rows:
        print(line(r))


def fmt(x, digits=1):
    if x is None:
        return "-"
    return f"{x:.0f}" if x >= 100 else f"{x:.{digits}f}" if x >= 1 else f"{x:.2f}"


def med(values):
    return statistics.median(values) if values else None


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("targets", nargs="+")
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--requests", type=int, default=40, help="most requests a client in a block")
    ap.add_argument("--seconds", type=float, default=4, help="most seconds a block")
    ap.add_argument("--clients", default="1,8")
    ap.add_argument("--roles", default="", help="only these roles, comma separated")
    ap.add_argument("--base-target", default="", help="ratios are taken to this target (default: the first)")
    ap.add_argument("--base-role", default="", help="ratios of everything to this one role of the base target")
    ap.add_argument("--json", default="")
    ap.add_argument("--quick", action="store_true", help="3 rounds, one client, at most 15 requests and 0.6 s a block, the "
                    "roles of everyday work, no page weight: ours and the floor in under 60 seconds")
    ap.add_argument("--no-counts", action="store_true", help="leave out SQL counts and page weight")
    ap.add_argument("--budget", type=float, default=1e9,
                    help="start no further round that may not end within so many seconds of the first")
    a = ap.parse_args()
    roles = {r for r in a.roles.split(",") if r}
    if a.quick:
        a.rounds, a.requests, a.seconds, a.clients = 3, 15, 0.6, "1"
        roles, TIMEOUT[0] = roles or set(QUICK_ROLES), 15.0
    levels = [min(int(c), 32) for c in a.clients.split(",")]
    stop_at = time.monotonic() + (QUICK_SECONDS if a.quick else 1e9)
    targets = []
    for path in a.targets:
        with open(path) as fh:
            t = json.load(fh)
        t["requests"] = [r for r in t["requests"] if not roles or r.get("role") in roles]
        for r in t["requests"]:
            r.setdefault("role", r["name"])
        t["_once"] = {name: (mp.get_context("fork").Value("i", 0), values) for name, values in (t.get("once") or {}).items()}
        targets.append(t)
    jobs = []
    for t in targets:                      # log in once for every client of every session in use
        used = {r.get("session") for r in t["requests"]} - {None}
        t["_jars"] = {s: [log_in(t, s).cookies for _ in range(max(levels))] for s in used}
        for r in t["requests"]:            # a request may go to another server, or its work be done by another process
            jobs.append(({**t, **{k: r[k] for k in ("base", "pidfile") if k in r}}, r))
    # same roles next to each other, so that what is compared runs close in time
    order = {}
    for _, r in jobs:
        order.setdefault(r["role"], len(order))
    jobs.sort(key=lambda j: order[j[1]["role"]])

    once = {}
    for t, r in jobs:                      # warm every worker, then the counts that need no repeats
        key = (t["name"], r["name"])
        jar = (t["_jars"].get(r.get("session")) or [{}])[0]
        once[key] = {"sql": None}
        if time.monotonic() > stop_at - QUICK_SECONDS * 0.4:
            continue
        try:
            run_block(t, r, t["_jars"], min(2, r.get("clients", 2)), 4, 0.5 if a.quick else 3)
            if r["role"].endswith("pdf"):
                once[key]["pdf"] = pdf_of(t, r, jar)
            if not (r.get("script") or a.no_counts):
                once[key]["sql"] = query_count(t, r, jar, 1 if "pdf" in once[key] else 2)
            if r.get("weight") and not a.no_counts and not a.quick:
                once[key]["weight"] = page_weight(t, r, jar)
        except Exception as exc:  # noqa: BLE001
            once[key]["error"] = repr(exc)

    data = {}
    began, took, done = time.monotonic(), 0.0, 0
    for rnd in range(a.rounds):
        start = time.monotonic()
        if start - began + took > a.budget or start > stop_at:
            break
        for clients in levels:
            for t, r in (jobs if rnd % 2 == 0 else jobs[::-1]):
                count = min(r.get("n", a.requests), a.requests)
                if time.monotonic() > stop_at or clients > r.get("clients", clients):
                    continue
                if a.quick and r["role"].endswith("pdf"):
                    count = 1
                res = run_block(t, r, t["_jars"], clients, count, a.seconds)
                data.setdefault((t["name"], r["name"]), {}).setdefault(clients, []).append(res)
        took, done = time.monotonic() - start, rnd + 1
        print(f"round {done} of {a.rounds} done in {took:.0f} s", file=sys.stderr, flush=True)

    out, rows, notes = [], [], []
    for t, r in jobs:
        key = (t["name"], r["name"])
        rec = {"target": t["name"], "name": r["name"], "role": r["role"], **once[key], "levels": {}}
        cells = [t["name"], r["name"]]
        for c in levels:
            blocks = data.get(key, {}).get(c, [])
            good = [b for b in blocks if "p50" in b]
            bad = sum(b.get("errors", 0) for b in blocks)
            if bad:
                notes.append(f"{key}: {bad} errors, first {next((b['first_error'] for b in blocks if b.get('first_error')), '')}")
            elif not good and c <= r.get("clients", c):
                notes.append(f"{key}: not measured, the time was up")
            agg = {k: med([b[k] for b in good if k in b]) for k in ("p50", "p95", "rps", "wire", "cpu_ms")}
            agg["errors"] = bad
            agg["rounds"] = good
            rec["levels"][str(c)] = agg
            cells += [fmt(agg["p50"]), fmt(agg["p95"]), fmt(agg["rps"])]
        first = rec["levels"][str(levels[0])]
        q = once[key]["sql"]
        if once[key].get("error"):
            notes.append(f"{key}: counts failed: {once[key]['error']}")
        cells += [fmt(first.get("cpu_ms")), fmt(q["queries"]) if q else "-", q["from"] if q else "-",
                  fmt(q["db_ms"]) if q else "-", fmt((first["wire"] or 0) / 1024)]
        rows.append(cells)
        out.append(rec)
    head = ["target", "request"]
    for c in levels:
        head += [f"p50 ms c{c}", f"p95 ms c{c}", f"req/s c{c}"]
    head += ["worker cpu ms", "SQL", "SQL from", "db ms", "KiB sent"]
    print(f"\nmedians over {done} interleaved rounds")
    table(rows, head)
    print("SQL from: stat = pg_stat_statements, header = X-Query-Count or Server-Timing, log = PostgreSQL's log, - = not counted")

    pdfs = [(r["target"], r["name"], r["pdf"], r["levels"][str(levels[0])].get("cpu_ms")) for r in out if r.get("pdf")]
    if pdfs:
        print("\nPDF")
        table([[t, n, p["pages"], p["charts"], "yes" if p["tagged"] else "NO", fmt(p["kib"]), fmt(cpu),
                fmt(cpu / (p["pages"] + p["charts"])) if cpu else "-"] for t, n, p, cpu in pdfs],
              ["target", "request", "pages", "charts", "tagged", "KiB", "cpu ms", "cpu ms / (pages + charts)"])

    weights = [(r["target"], r["name"], r["weight"]) for r in out if r.get("weight")]
    if weights:
        print("\nfirst visit: compressed KiB and requests (page, data calls, css, scripts; pictures and fonts, the css's too)")
        parts = ("wire", "html_raw", "html_gz", "data", "css", "js", "img", "font")
        table([[t, n, w["requests"], *(fmt(w[k] / 1024) for k in parts),
                len(w.get("missing", [])) + len(w.get("elsewhere", []))] for t, n, w in weights],
              ["target", "page", "requests", "total", "html raw", "html gz", "data", "css", "js", "img", "font", "not found"])

    base = a.base_target or targets[0]["name"]
    ratios = []
    for rec in out:
        if rec["target"] == base and not a.base_role:
            continue
        want = a.base_role or rec["role"]
        ref = next((x for x in out if x["target"] == base and x["role"] == want), None)
        if not ref or ref is rec:
            continue
        cells = [rec["target"], rec["name"], f"{base}: {ref['name']}"]
        for c in levels:
            both = [data.get(k, {}).get(c, []) for k in ((rec["target"], rec["name"]), (base, ref["name"]))]
            pairs = [(x, y) for x, y in zip(*both)
                     if "p50" in x and "p50" in y]
            for field in ("p50", "cpu_ms"):
                rs = [x[field] / y[field] for x, y in pairs if x.get(field) and y.get(field)]
                cells.append(f"{med(rs):.2f} ({min(rs):.2f}-{max(rs):.2f})" if rs else "-")
                if rs:
                    rec.setdefault("ratio", {})[f"{field}_c{c}"] = {"median": med(rs), "min": min(rs), "max": max(rs),
                                                                     "to": [base, ref["name"]]}
        ratios.append(cells)
    if ratios:
        print(f"\nratios to {base}, round by round: median (min-max); below 1 is faster")
        head = ["target", "request", "compared with"]
        for c in levels:
            head += [f"p50 c{c}", f"cpu c{c}"]
        table(ratios, head)
    print("\nworker memory after the run, MiB")
    mem = {}
    for t in targets:
        _, rss, pss, _ = cpu_ms(t.get("pidfile"))
        mem[t["name"]] = {"workers": len(rss), "rss": rss, "pss": pss}
    table([[n, m["workers"], fmt(med(m["rss"])), fmt(max(m["rss"], default=None) if m["rss"] else None), fmt(med(m["pss"]))]
           for n, m in mem.items()], ["target", "workers", "RSS median", "RSS max", "PSS median"])
    for n in notes:
        print("note:", n)
    if a.json:
        with open(a.json, "w") as fh:
            json.dump({"when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "args": vars(a),
                       "cores": os.cpu_count(), "load": os.getloadavg(), "memory": mem, "results": out}, fh, indent=1)
    return 1 if notes else 0


if __name__ == "__main__":
    sys.exit(main())
