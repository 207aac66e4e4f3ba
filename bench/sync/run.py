#!/usr/bin/env python3
"""Measures what syncing costs and what it loses, on copies of the real blogs and on the fake one.

usage: run.py SITES_TOOLS SITES_DIR [--quick] [--only NAME,…] [--operations N] [--kills N] [--articles N] [--seed N] [--port N] [--keep DIR]
              [--archiver BINARY]

SITES_TOOLS is the folder of score.py, SITES_DIR where sites.sh built the blogs: WordPress and Hexo are copied from there, served on
ports from --port on (19100), changed, and thrown away. Requests are counted in the servers' access logs, not by archiver.
--archiver takes a program that is built already. --quick is for every change (2 minutes), --only takes the measurements that are named.

Prints one table: what was asked, what was measured. Exits 1 when a figure is missed. Needs Go, PHP, nginx, MariaDB, and Python's
standard library.
"""
import collections, os, random, shutil, signal, subprocess, sys, tempfile, time

sys.dont_write_bytecode = True
from blogs import Archive, Fake, Hexo, WordPress, plain

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
QUICK = "--quick" in sys.argv


def argument(name, default=None):
    return type(default or "")(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


class Table:
    def __init__(self):
        self.missed = []

    def row(self, what, asked, measured, good, why=""):
        print("%-4s %-72s %-22s %s" % ("" if good else "MISS", what, asked, measured), flush=True)
        if not good:
            self.missed.append(what)
            if why:
                print("       " + str(why)[:2000].replace("\n", "\n       "), flush=True)


class Bench:
    def __init__(self, tools, sites, work):
        self.tools, self.sites, self.work, self.table = tools, sites, work, Table()
        self.port, self.count, self.random = argument("--port", 19100), 0, random.Random(argument("--seed", 1))
        self.binary, self.fake = os.path.abspath(argument("--archiver", os.path.join(work, "archiver"))), os.path.join(work, "fake")
        env = dict(os.environ, CGO_ENABLED="0")
        for binary, package in ((self.binary, "./cmd/archiver"), (self.fake, "./bench/sync/fake")):
            if os.path.exists(binary):
                continue
            subprocess.run(["go", "build", "-o", binary, package], cwd=ROOT, env=env, check=True)
        self.wordpress = WordPress(tools, sites, work, self.port)
        self.hexo = Hexo(sites, work, self.port + 30)

    def close(self):
        self.wordpress.stop(), self.hexo.stop()

    def archive(self, url, **settings):
        self.count += 1
        return Archive(self.binary, os.path.join(self.work, "archive%d" % self.count), url, **settings)

    def synced(self, archive, *args, codes=(0,)):
        """A sync that has to end well."""
        done = archive.sync(*args)
        if done.code not in codes:
            self.table.row("a sync ends well", "exit %s" % "/".join(map(str, codes)), "exit %d" % done.code, False, done)
        return done

    def first(self):
        """The first sync over REST costs a dozen requests, and its articles are no worse than those of pages."""
        w = self.wordpress
        rest, pages = self.archive(w.category(), images="none"), self.archive(w.category(), images="none", discover=["listing"])
        w.log.forget()
        self.synced(rest)
        asked = w.log.since()
        self.table.row("first sync, WordPress: requests, pictures left out", "<= 12", len(asked), len(asked) <= 12, collections.Counter(asked).most_common(20))
        self.synced(pages)
        by_rest, by_page = w.score(rest.export()), w.score(pages.export())
        worse = {k: (v, by_rest.get(k)) for k, v in by_page.items() if isinstance(v, (int, float)) and (by_rest.get(k, 0) < v - 0.00005) != (k in ("extra", "missing"))}
        worse = {k: v for k, v in worse.items() if v[0] != v[1]}
        self.table.row("first sync, WordPress: score over REST and over pages", "same or better", "f1 %.4f, %.4f" % (by_rest.get("text_f1", 0), by_page.get("text_f1", 0)), not worse, worse)

    def nothing(self):
        """Where nothing changed nearly nothing is asked for."""
        for name, blog, url, most in (("WordPress", self.wordpress, self.wordpress.category(), 3), ("Hexo", self.hexo, self.hexo.category, 4)):
            a = self.archive(url, images="none")
            self.synced(a)
            before = a.revisions()
            for nth in ("first", "second"):
                blog.log.forget()
                done = a.sync()
                asked = blog.log.since()
                self.table.row("nothing changed, %s, the %s time: requests" % (name, nth), "<= %d" % most, len(asked), len(asked) <= most, asked)
                self.table.row("nothing changed, %s, the %s time: what is said" % (name, nth), "nothing new, exit 0", "exit %d" % done.code, done.code == 0 and "nothing new" in done.out, done)
            self.table.row("nothing changed, %s: revisions" % name, "0", len(a.revisions() - before), a.revisions() == before)
            if name == "Hexo":
                full = [r for r in asked if r.status != 304 and not r.startswith("/robots.txt")]
                self.table.row("nothing changed, Hexo: answers other than 304, robots.txt aside", "0", len(full), not full, full)
                size = sum(r.size for r in asked if not r.startswith("/robots.txt"))
                self.table.row("nothing changed, Hexo: bytes of bodies, robots.txt aside", "0", size, size == 0)

    def changes(self):
        """What an author does in a week comes at once where the blog tells of it, and at the latest with --full."""
        w = self.wordpress
        a = self.archive(w.category(), images="none")
        self.synced(a)
        first, before, revisions = a.articles(), w.score(a.export()), a.revisions()
        plainest = [p for p in w.posts().values() if not p["special"] and not p["password"] and p["categories"]]
        edited, silent, deleted, out, renamed, trashed = plainest[3:5], plainest[6], plainest[9], plainest[14], plainest[20], plainest[30]
        mark = lambda p: "后来补上的一段第%d号" % p["id"]
        added = [int(x) for x in w.ctl("add-random", 3).split()]
        for p in edited:
            w.ctl("edit", p["id"], "append", "<!-- wp:paragraph --><p>%s。</p><!-- /wp:paragraph -->" % mark(p))
        w.ctl("silent-edit", silent["id"], mark(silent))
        w.ctl("delete", deleted["id"])
        w.ctl("edit", out["id"], "cats", "essay")
        w.ctl("edit", renamed["id"], "slug", "xin-di-zhi-%d" % renamed["id"])
        w.ctl("trash", trashed["id"])
        w.truth()
        w.log.forget()
        done = self.synced(a)
        asked = [r for r in w.log.since() if not r.image]
        most = 3 + 2 * (len(added) + len(edited))
        self.table.row("changes, WordPress, default sync: requests", "<= %d" % most, len(asked), len(asked) <= most, asked)
        now, posts = a.articles(), w.posts()
        state = lambda articles, p: articles.get(plain(w.url(p)), {"state": "not there", "text": ""})
        come = sum(state(now, posts[i])["state"] == "saved" for i in added) + sum(mark(p) in state(now, p)["text"] for p in edited)
        self.table.row("changes, WordPress, default sync: new and edited ones come", "5", come, come == 5, done)
        self.synced(a, "--full")
        now = a.articles()
        score = w.score(a.export())
        worse = {k: (v, score.get(k)) for k, v in before.items() if k in score and k in ("title", "published", "author", "modified", "categories", "tags", "text_f1", "code", "table") and score[k] < v - 0.001}
        self.table.row("changes, WordPress, after --full: score, found, extra", "as before, %d, 0" % (len(w.posts()) - 1), "f1 %.4f, %d, %d" % (
            score["text_f1"], score["found"], score["extra"]), not worse and score["found"] == len(w.posts()) - 1 and not score["extra"], worse)
        self.table.row("changes, WordPress, after --full: the silent edit", "there", "there" if mark(silent) in state(now, silent)["text"] else "not there", mark(silent) in state(now, silent)["text"])
        for what, p in (("deleted", deleted), ("moved out", out), ("trashed", trashed)):
            s = state(now, p)
            self.table.row("changes, WordPress, after --full: the one %s" % what, "gone, text kept", s["state"], s["state"] == "gone" and s["text"] == first[plain(w.url(p))]["text"], s.get("why"))
        s = state(now, posts[renamed["id"]])
        same = s["state"] == "saved" and s.get("name") == first[plain(w.url(renamed))]["name"] and plain(w.url(renamed)) not in now
        self.table.row("changes, WordPress, after --full: the renamed one", "same article, new URL", "as asked" if same else s["state"], same, [u for u in now if u.endswith(str(renamed["id"])) or u == plain(w.url(renamed))])
        lost = revisions - a.revisions()
        self.table.row("changes, WordPress: revisions that were seen and are not there", "0", len(lost), not lost)
        fresh = a.revisions() - revisions
        # A rename moves the date of change, which is a fact of the article, and the one that moved out has other categories now.
        may = {plain(w.url(posts[i])) for i in added} | {plain(w.url(p)) for p in (*edited, silent, out)} | {plain(w.url(posts[renamed["id"]]))}
        new = {u for u, v in now.items() if v["revision"] != first.get(u, {"revision": 0})["revision"] and v["revision"]}
        self.table.row("changes, WordPress: revisions of articles that nobody changed", "0", "%d of %d" % (len(new - may), len(fresh)), new <= may | {plain(w.url(renamed))}, new - may)
        w.reset()

    def images(self):
        """Every picture once, and what does not come has its reason."""
        w = self.wordpress
        a = self.archive(w.category())
        w.log.forget()
        self.synced(a)
        asked = [r for r in w.log.since() if r.image]
        again = {p: n for p, n in collections.Counter(map(str, asked)).items() if n > 1}
        self.table.row("pictures, WordPress: requests for one that was asked for already", "0", sum(again.values()) - len(again), not again, again)
        images = a.images()
        open_ = {u: v for u, v in images.items() if v[0] != "stored" and not v[1]}
        states = collections.Counter(v[0] for v in images.values())
        self.table.row("pictures, WordPress: neither stored nor with a reason", "0", "%d of %s" % (len(open_), dict(states)), bool(images) and not open_, open_)
        [special] = [p for p in w.posts().values() if p["special"] == "images"]
        of = a.pictures(w.url(special))
        failed = [i for i in of if i[1] != "stored"]
        self.table.row("pictures of the article of pictures", "stored, dead with reason", "%d, %d stored" % (len(of), len(of) - len(failed)), len(of) >= 15 and all(i[2] for i in failed), failed)
        self.synced(a)
        asked = [r for r in w.log.since() if r.image]
        self.table.row("pictures, WordPress, second sync: requests", "0", len(asked), not asked, asked)

    def rebuild(self):
        """New validators and new view counts for the same text are no change."""
        a = self.archive(self.hexo.category, images="none")
        self.synced(a)
        before = a.revisions()
        self.hexo.rebuild()
        for args in ((), ("--full",)):
            self.synced(a, *args)
        self.table.row("Hexo rebuilt, all validators new: revisions", "0", len(a.revisions() - before), a.revisions() == before and before)
        for knobs in (("live",), ("live", "validators", "rss", "sitemap"), ("titles", "live", "validators", "atom", "index"), ("live", "rest")):
            blog = Fake(self.fake, "blog", 40, *knobs)
            try:
                a = self.archive(blog.url, images="none")
                self.synced(a)
                before = a.revisions()
                blog.tell("rebuild")
                for args in ((), ("--full",)):
                    self.synced(a, *args)
                self.table.row("counters in every page, %s: revisions" % " ".join(knobs), "0", len(a.revisions() - before), a.revisions() == before and len(before) == 40, len(before))
            finally:
                blog.stop()

    def held(self):
        """Two syncs at once: one works, one says so."""
        a = self.archive(self.wordpress.category(), images="none")
        both = [a.begin(), a.begin()]
        said = [p.communicate(timeout=120) for p in both]
        codes = sorted(p.returncode for p in both)
        self.table.row("two syncs at once: exit codes", "0 and 5", " and ".join(map(str, codes)), codes == [0, 5], said)
        self.table.row("two syncs at once: articles", "77", len(a.articles()), len(a.articles()) == 77)

    def operations(self):
        """A life of a blog: whatever happens, a full sync has the truth, and no text that was seen is lost."""
        w, r = self.wordpress, self.random
        total, each = argument("--operations", 40 if QUICK else 1000), 20
        a = self.archive(w.category(), images="none")
        self.synced(a)
        seen, lost, wrong, full, marks, bin_ = a.revisions(), set(), [], 0, {}, []
        plainest = lambda: [p["id"] for p in w.posts().values() if not p["special"] and not p["password"]]
        alive, away = plainest(), []
        for n in range(1, total + 1):
            kind = r.choice(["add", "edit", "edit", "edit", "silent", "delete", "trash", "restore", "move", "back", "rename", "publish"])
            some = r.choice(alive)
            if kind in ("delete", "trash", "move") and len(alive) < 40:
                kind = "add"
            if kind == "add":
                alive.append(int(w.ctl("add-random", 1)))
            elif kind == "edit":
                marks[some] = "改动第%d次" % n
                w.ctl("edit", some, "append", "<!-- wp:paragraph --><p>%s。</p><!-- /wp:paragraph -->" % marks[some])
            elif kind == "silent":
                marks[some] = "改动第%d次" % n
                w.ctl("silent-edit", some, marks[some] + "。")
            elif kind == "delete":
                w.ctl("delete", some), alive.remove(some)
            elif kind == "trash":
                w.ctl("trash", some), alive.remove(some), bin_.append(some)
            elif kind == "restore" and bin_:
                back = bin_.pop(r.randrange(len(bin_)))
                w.ctl("edit", back, "status", "publish"), alive.append(back)
            elif kind == "move":
                w.ctl("edit", some, "cats", "essay"), alive.remove(some), away.append(some)
            elif kind == "back" and away:
                back = away.pop(r.randrange(len(away)))
                w.ctl("edit", back, "cats", "nlp"), alive.append(back)
            elif kind == "rename":
                w.ctl("edit", some, "slug", "xin-%d-%d" % (some, n))
            elif kind == "publish":
                new = int(w.ctl("add", "-", input='{"title":"草稿 %d","content":"<p>先是草稿，第 %d 步，后来发布。</p>","status":"draft"}' % (n, n)))
                w.ctl("edit", new, "status", "publish"), alive.append(new)
            if n % each and n != total:
                continue
            whole = n // each % 2 == 0 or n == total
            done = a.sync(*["--full"] if whole else [])
            if done.code != 0:
                wrong.append("after %d: %s" % (n, done))
            now = a.revisions()
            lost |= seen - now
            seen |= now
            if whole:
                full += 1
                w.truth()
                wrong += ["after %d: %s" % (n, x) for x in self.untrue(a, marks)]
        self.table.row("%d operations, %d full syncs: states or texts that are not true" % (total, full), "0", len(wrong), not wrong, "\n".join(wrong[:12]))
        self.table.row("%d operations: revisions that were seen and are not there" % total, "0", "%d of %d" % (len(lost), len(seen)), not lost)
        w.reset()

    def untrue(self, a, marks):
        """What an archive says that the blog does not."""
        w, now, wrong = self.wordpress, a.articles(), []
        posts = {plain(w.url(p)): p for p in w.posts().values()}
        for url, p in posts.items():
            have = now.get(url)
            want = "protected" if p["password"] else "saved"
            if not have or have["state"] != want:
                wrong.append("%s (%d) is %s, not %s" % (url, p["id"], have and have["state"], want))
            elif want == "saved" and p["id"] in marks and marks[p["id"]] not in have["text"]:
                wrong.append("%s (%d) lacks its last change" % (url, p["id"]))
        wrong += ["%s is %s and is not in the category" % (u, v["state"]) for u, v in now.items() if u not in posts and v["state"] != "gone"]
        return wrong

    def kills(self):
        """A sync that is killed at any moment costs nothing, also while the blog changes."""
        w, r, times = self.wordpress, self.random, argument("--kills", 4 if QUICK else 50)
        a = self.archive(w.category())
        began = time.time()
        self.synced(self.archive(w.category()))
        span, seen, lost, hit = time.time() - began, set(), set(), 0
        posts = [p["id"] for p in w.posts().values() if not p["special"] and not p["password"]]
        for n in range(times):
            if n >= times // 5:
                w.ctl("edit", r.choice(posts), "append", "<p>第 %d 次。</p>" % n)
                if n % 5 == 0:
                    w.ctl("add-random", 1)
                if n % 9 == 8:
                    w.ctl("delete", posts.pop())
            p = a.begin(*["--full"] if n % 2 else [])
            try:
                p.wait(r.uniform(0.02, 0.6) * span)
            except subprocess.TimeoutExpired:
                p.send_signal(signal.SIGKILL)
                hit += 1
            p.communicate()
            now = a.revisions()
            lost |= seen - now
            seen |= now
        w.truth()
        self.synced(a, "--full")
        undisturbed = self.archive(w.category())
        self.synced(undisturbed)
        one, other = undisturbed.online(), a.online()
        wrong = [u for u in one.keys() | other.keys() if one.get(u) != other.get(u)]
        self.table.row("%d syncs, %d killed: articles unlike those of an undisturbed archive" % (times, hit), "0", "%d of %d" % (len(wrong), len(one)), not wrong, differences(one, other))
        self.table.row("%d syncs, %d killed: states or texts that are not true" % (times, hit), "0", len(self.untrue(a, {})), not self.untrue(a, {}), self.untrue(a, {}))
        self.table.row("%d syncs, %d killed: revisions that were seen and are not there" % (times, hit), "0", len(lost), not lost)
        stored = lambda x: {u for u, v in x.images().items() if v[0] == "stored"}
        missing = stored(undisturbed) - stored(a)
        self.table.row("%d syncs, %d killed: pictures missing" % (times, hit), "0", len(missing), not missing, missing)
        w.reset()

    def faults(self):
        """A tenth of the answers is spoilt: three more syncs mend it."""
        w = self.wordpress
        blogs = ((1, w.home, w.category(), {}), (2, w.home, w.category(), {"discover": ["listing"]}), (3, self.hexo.category.split("/categories")[0], self.hexo.category, {}))
        for seed, home, category, settings in blogs[:1] if QUICK else blogs:  # what pages meet then is among the tests of cmd/archiver
            name = "Hexo" if seed == 3 else "WordPress over pages" if settings else "WordPress"
            proxy = Fake(self.fake, "proxy", home, argument("--seed", 1) * 10 + seed)
            try:
                url = proxy.url + category[len(home):]
                undisturbed, spoilt = self.archive(url, **settings), self.archive(url, **settings)
                self.synced(undisturbed)
                good, pictures = undisturbed.online(), {u: v[0] for u, v in undisturbed.images().items()}
                proxy.tell("spoil 0.1")
                more, codes, wrong = -1, [], ["nothing synced"]
                while wrong and more < 3:
                    done = spoilt.sync(*["--full"] if more >= 0 else [])
                    more += 1
                    codes.append(done.code)
                    if done.code < 0:
                        break
                    have = spoilt.online() if os.path.exists(spoilt.db) else {}
                    wrong = [u for u in good.keys() | have.keys() if good.get(u) != have.get(u)]
                    wrong += [u for u, state in pictures.items() if state == "stored" and spoilt.images().get(u, ("",))[0] != "stored"]
                self.table.row("a tenth spoilt, %s: unlike the undisturbed archive, after more syncs" % name, "0 after <= 3", "%d after %d (%s)" % (len(wrong), more, proxy.tell("met")), not wrong,
                               "exit codes %s\n%s\n%s" % (codes, differences(good, have), [w_ for w_ in wrong if w_ in pictures][:5]))
            finally:
                proxy.stop()

    def big(self):
        """Where nothing changed, neither memory nor requests grow with the archive."""
        most = argument("--articles", 1000 if QUICK else 10000)
        for knobs in (("rest",), ("rss", "sitemap", "validators"), ("rss",))[:1 if QUICK else 3]:
            requests, peak = [], 0
            for n in (most // 10, most):
                blog = Fake(self.fake, "blog", n, *knobs)
                try:
                    a = self.archive(blog.url, images="none")
                    self.synced(a)
                    a.sync()
                    blog.tell("requests")
                    done = self.synced(a)
                    requests.append(int(blog.tell("requests")))
                    peak = done.peak
                finally:
                    blog.stop()
            self.table.row("%d articles, %s, nothing changed: peak" % (most, " ".join(knobs)), "< 50 MB", "%.1f MB" % (peak / 1e6), peak < 50e6)
            self.table.row("%d and %d articles, %s, nothing changed: requests" % (most // 10, most, " ".join(knobs)), "the same", "%d, %d" % tuple(requests), requests[0] == requests[1])


def differences(one, other):
    """A few articles that differ, and where."""
    out = []
    for url in sorted(one.keys() | other.keys()):
        a, b = one.get(url), other.get(url)
        if a != b:
            out.append("%s: %s" % (url, "not there" if not b else "not to be there" if not a else ", ".join(
                "%s %.60r, not %.60r" % (k, b.get(k), a.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k))))
    return "\n".join(out[:8])


ALL = ["first", "nothing", "changes", "images", "rebuild", "held", "operations", "kills", "faults", "big"]


def main():
    options = ("--only", "--operations", "--kills", "--articles", "--seed", "--port", "--keep", "--archiver")
    args = [a for i, a in enumerate(sys.argv[1:], 1) if not a.startswith("--") and sys.argv[i - 1] not in options]
    if len(args) != 2:
        sys.exit(__doc__)
    chosen = argument("--only", ",".join(ALL)).split(",")
    work = os.path.abspath(argument("--keep") or tempfile.mkdtemp(prefix="archiver-sync-"))
    os.makedirs(work, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the copies are stopped then, too
    bench = Bench(os.path.abspath(args[0]), os.path.abspath(args[1]), work)
    try:
        print("%-4s %-72s %-22s %s" % ("", "what", "asked", "measured"))
        for name in chosen:
            began = time.time()
            getattr(bench, name)()
            print("     (%s: %.0f s)" % (name, time.time() - began), flush=True)
    finally:
        bench.close()
        if not argument("--keep"):
            shutil.rmtree(work)
    print("%d figures missed" % len(bench.table.missed))
    sys.exit(1 if bench.table.missed else 0)


main()
