"""What run.py measures with: a copy of the real blogs on ports of its own, the fake blog, and archives seen from inside.

The copy is changed as a measurement wants it and thrown away; the blogs that sites.sh built are left as they are.
"""
import json, os, re, shutil, signal, sqlite3, subprocess, sys, time, urllib.parse

SYNC_SECONDS = 300  # a sync that takes longer hangs


def run(*args, **kw):
    return subprocess.run(args, check=True, capture_output=True, text=True, **kw)


def lines_from(path, mark):
    with open(path, encoding="utf-8", errors="replace") as f:
        f.seek(mark)
        return f.read().splitlines()


class Asked(str):
    """The path of a request in an access log, with the answer's status and the bytes of its body."""
    def __new__(cls, path, status, size):
        self = super().__new__(cls, path)
        self.status, self.size = status, size
        return self

    @property
    def image(self):
        # The blog's pictures are its uploads; one is called through a query, one has no extension, one is not there.
        return bool(re.search(r"/uploads/|^/images?/|\.(png|jpe?g|gif|webp|svg|avif|ico)(\?|$)", self, re.I))


class Log:
    """An access log of nginx, and what was asked since the last look."""
    def __init__(self, path):
        self.path, self.mark = path, os.path.getsize(path) if os.path.exists(path) else 0

    def forget(self):
        self.mark = os.path.getsize(self.path)

    def since(self):
        time.sleep(0.1)  # an answer is logged when it was sent
        asked = []
        for line in lines_from(self.path, self.mark):
            m = re.search(r'"(?:GET|HEAD) (?:http://[^/ ]+)?([^ "]*) [^"]*" (\d+) (\d+|-)', line)
            if m:
                asked.append(Asked(m.group(1), int(m.group(2)), 0 if m.group(3) == "-" else int(m.group(3))))
        self.forget()
        return asked


class WordPress:
    """A copy of the WordPress that sites.sh built, with ports of its own."""
    THEME, SITE = 2, "tt2-postname"  # the variant whose addresses are made of slugs

    def __init__(self, tools, sites, work, port):
        self.tools, self.dir, self.wp, self.port = tools, work, os.path.join(work, "wp"), port
        source, copy = os.path.join(sites, "wp"), os.path.join(self.wp, "run")
        os.makedirs(copy)
        for name in os.listdir(source):
            if name != "run":
                shutil.copy2(os.path.join(source, name), self.wp)
        run("cp", "-a", source + "/run/root", source + "/run/db.clean", copy)
        run("cp", "-a", source + "/run/db.clean", copy + "/db")
        with open(self.wp + "/wp-config.php.tmpl", encoding="utf-8") as f:
            config = f.read().replace("@RUN@", copy)
        with open(copy + "/root/wp-config.php", "w", encoding="utf-8") as f:
            f.write(config)
        self.start()
        self.log = Log(copy + "/access.log")
        self.truth()

    def start(self):
        run("bash", self.wp + "/start.sh", str(self.port), stdin=subprocess.DEVNULL)

    def stop(self):
        subprocess.run(["bash", self.wp + "/stop.sh"], capture_output=True)

    def reset(self):
        run("bash", self.wp + "/reset.sh")
        self.start()
        return self.truth()

    def ctl(self, *args, **kw):
        # It is told the port of its truth only: the texts that it stores name the one that the blogs were built for.
        env = dict(os.environ, TESTBLOG_PORT=str(self.port))
        out = run("php", self.wp + "/wpctl.php", *map(str, args), env=env, **kw).stdout.strip()
        if out.startswith(("no such", "unknown")):
            raise RuntimeError("wpctl %s: %s" % (args, out))
        return out

    def truth(self):
        path = self.wp + "/run/truth.json"
        self.ctl("truth", path)
        self.said = json.load(open(path, encoding="utf-8"))
        return self.said

    def posts(self, category="nlp"):
        """The public posts of a category by number."""
        ids = set(self.said["categories"][category]["posts_in_archive_order"])
        return {p["id"]: p for p in self.said["posts"] if p["id"] in ids}

    def url(self, post):
        return post["urls"][self.SITE]

    @property
    def home(self):
        return "http://127.0.0.1:%d" % (self.port + self.THEME)

    def category(self, key="nlp"):
        return "%s/category/%s/" % (self.home, urllib.parse.quote(self.said["categories"][key]["slug"]))

    def score(self, export, category="nlp"):
        done = subprocess.run([sys.executable, self.tools + "/score.py", self.dir, self.SITE, category, export, "--json"], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        return json.loads(done.stdout)


class Hexo:
    """A copy of a built Hexo blog, served by an nginx of its own."""
    def __init__(self, sites, work, port):
        self.public, self.name, self.serve = os.path.join(work, "public"), "hexo-copy", os.path.join(work, "common", "serve.sh")
        os.makedirs(os.path.dirname(self.serve))
        shutil.copy2(os.path.join(sites, "common", "serve.sh"), self.serve)
        shutil.copytree(os.path.join(sites, "hexo", "public-next"), self.public)
        for folder, _, names in os.walk(self.public):
            for name in names:
                if name.endswith((".html", ".xml")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as f:
                        text = f.read()
                    with open(path, "w", encoding="utf-8") as f:
                        f.write(text.replace("127.0.0.1:18130", "127.0.0.1:%d" % port))
        run("bash", self.serve, "start", self.name, self.public, str(port), stdin=subprocess.DEVNULL)
        self.log = Log(os.path.join(work, "common", "run", self.name, "access.log"))
        self.category = "http://127.0.0.1:%d/categories/%s/" % (port, urllib.parse.quote("自然语言处理-NLP"))

    def rebuild(self):
        """New modification times and with them new validators for the same bytes."""
        then = time.time() + 3600
        for folder, _, names in os.walk(self.public):
            for name in names:
                os.utime(os.path.join(folder, name), (then, then))

    def stop(self):
        subprocess.run(["bash", self.serve, "stop", self.name], capture_output=True)


class Fake:
    """The fake blog or the proxy that spoils answers: see fake/main.go."""
    def __init__(self, binary, *args):
        self.process = subprocess.Popen([binary, *map(str, args)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def high_water(pid):
    """The most memory that a process had, of the program that runs in it; 0 where the system does not say. What wait4 says counts in the
    Python that the process was before."""
    try:
        with open("/proc/%d/status" % pid) as f:
            return next((int(line.split()[1]) * 1024 for line in f if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


class Sync:
    """What a sync came to."""
    def __init__(self, code, out, err, peak, seconds):
        self.code, self.out, self.err, self.peak, self.seconds = code, out.strip(), err.strip(), peak, seconds

    def __str__(self):
        return "exit %d: %s" % (self.code, " / ".join((self.out + "\n" + self.err).strip().splitlines()[-3:]))


class Archive:
    """An archive of one source, with a configuration of its own."""
    def __init__(self, binary, folder, url, **settings):
        os.makedirs(folder, exist_ok=True)
        self.binary, self.folder, self.db, self.url = binary, folder, os.path.join(folder, "archive.db"), url
        os.makedirs(folder + "/config/archiver", exist_ok=True)
        lines = ["[[source]]", 'name = "blog"', "url = " + json.dumps(url)] + ["%s = %s" % (k, json.dumps(v)) for k, v in settings.items()]
        with open(folder + "/config/archiver/config.toml", "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        self.env = dict(os.environ, HOME=folder, XDG_CONFIG_HOME=folder + "/config", XDG_DATA_HOME=folder)

    def command(self, *args):
        return [self.binary, "--db", self.db, "--no-progress", *args]

    def begin(self, *args):
        return subprocess.Popen(self.command("sync", "blog", "--delay", "0", *args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env)

    def sync(self, *args):
        began = time.time()
        with open(self.folder + "/stdout", "w+", encoding="utf-8") as out, open(self.folder + "/stderr", "w+", encoding="utf-8") as err:
            p = subprocess.Popen(self.command("sync", "blog", "--delay", "0", *args), stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=self.env)
            late, peak = time.time() + SYNC_SECONDS, 0
            while True:
                peak = max(peak, high_water(p.pid))
                pid, status, usage = os.wait4(p.pid, os.WNOHANG)
                if pid:
                    break
                if time.time() > late:
                    p.send_signal(signal.SIGKILL)
                    _, status, usage = os.wait4(p.pid, 0)
                    err.write("killed: it did not end in %d s\n" % SYNC_SECONDS)
                    break
                time.sleep(0.005)
            p.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0), err.seek(0)
            return Sync(p.returncode, out.read(), err.read(), peak or usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), time.time() - began)

    def export(self):
        """Writes what is online into a JSON Lines file and gives its name."""
        path, kept = self.folder + "/articles.jsonl", self.folder + "/online.jsonl"
        run(*self.command("export", "jsonl", "-o", path), env=self.env)
        with open(path, encoding="utf-8") as f, open(kept, "w", encoding="utf-8") as out:
            out.writelines(line for line in f if json.loads(line)["state"] != "gone")
        return kept

    def rows(self, query, *args):
        if not os.path.exists(self.db):
            return []
        db = sqlite3.connect("file:%s?mode=ro" % urllib.parse.quote(self.db), uri=True)
        try:
            return db.execute(query, args).fetchall()
        except sqlite3.OperationalError as e:
            if "no such table" in str(e):
                return []  # killed before the first commit
            raise
        finally:
            db.close()

    def articles(self):
        """By address: state, revision, Markdown, title."""
        return {plain(url): dict(state=state, revision=revision, text=text or "", title=title or "", why=why, name=name) for url, state, revision, text, title, why, name in self.rows(
            "SELECT a.url, a.state, a.revision, r.markdown, r.title, a.why, a.name FROM article a LEFT JOIN revision r ON r.article = a.id AND r.number = a.revision")}

    def revisions(self):
        return set(self.rows("SELECT article, number, hex(hash) FROM revision"))

    def pictures(self, url):
        """Address, state and reason of the pictures of one article."""
        return [row[1:] for row in self.rows("SELECT a.url, i.url, i.state, i.reason FROM image i JOIN article_image x ON x.image = i.id JOIN article a ON a.id = x.article") if plain(row[0]) == plain(url)]

    def images(self):
        return {plain(url): (state, reason) for url, state, reason in self.rows("SELECT url, state, reason FROM image")}

    def online(self):
        """What a reader has of the articles that are online, without names and moments that depend on when they were seen."""
        kept = {}
        for line in open(self.export(), encoding="utf-8"):
            a = json.loads(line)
            for field in ("first_seen", "checked", "id", "revision", "gone", "why"):
                a.pop(field, None)
            kept[plain(a["url"])] = a
        return kept


def plain(url):
    """An address that is compared: unescaped, without a slash at the end."""
    return urllib.parse.unquote(url).rstrip("/")
