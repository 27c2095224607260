import os, sys, time, warnings, traceback
sys.path.insert(0, ".")
os.environ["PYTHONPATH"] = "."
from pathlib import Path
T0 = time.time()
def show(name, work):
    t = time.time()
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = work()
        print(f"## {name}: {result!r}  [{time.time()-t:.2f}s]", flush=True)
        for w in caught[:4]:
            print("   WARN", w.category.__name__, str(w.message)[:300].replace("\n", " | "))
    except BaseException as error:
        print(f"## {name}: RAISED {type(error).__name__}: {str(error)[:400]}  [{time.time()-t:.2f}s]", flush=True)

if __name__ == "__main__":
    from dask.distributed import Client, LocalCluster, get_task_stream
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    client = Client(cluster)
    import modin, modin.config
    modin.config.Engine.put("Dask")
    import modin.pandas as pd
    import pandas, numpy
    print(modin.__version__, pandas.__version__, f"{time.time()-T0:.1f}s")
    from modin.config import AutoSwitchBackend, NPartitions, CpuCount, MinRowPartitionSize, PersistentPickle, LazyExecution
    for p in (AutoSwitchBackend, NPartitions, CpuCount, MinRowPartitionSize, PersistentPickle, LazyExecution):
        print(p.__name__, p.get())
    from examples.workload.answers import GROUPS
    from examples.workload.table import group, make_table
    from examples.modin.count_partitions import grid, count_tasks
    frame = pd.DataFrame(make_table(8))
    print("npart", NPartitions.get(), CpuCount.get())
    def shared():
        g = group(frame)
        return type(g).__module__, dict(zip(g.index, g.itertuples(index=False, name=None))) == GROUPS
    show("shared", shared)
    import tempfile; tmp = Path(tempfile.mkdtemp())
    from examples.modin.write_tables import write_tables
    from examples.modin.swap_import import load
    from examples.modin import report_walls
    write_tables(tmp / "t")
    expected = report_walls.report(tmp / "t")
    print(expected.head(3)); print(expected.dtypes)
    def rep():
        found = load("modin.pandas").report(tmp / "t").modin.to_pandas()
        try:
            pandas.testing.assert_frame_equal(found, expected)
            return "equal"
        except AssertionError as e:
            return str(e)[:500], found.head(3), found.dtypes
    show("report", rep)
    show("grids", lambda: (grid(frame), grid(pd.DataFrame(numpy.zeros((100, 100)))), grid(pd.DataFrame(numpy.zeros((30, 30)))), grid(pd.read_parquet(str(tmp/"t/readings.parquet"))), grid(pd.read_parquet(str(tmp/"t/members.parquet")))))
    make_table(8).to_parquet(tmp/"one.parquet")
    show("one row group", lambda: grid(pd.read_parquet(str(tmp/"one.parquet"))))
    show("path obj", lambda: len(pd.read_parquet(tmp/"one.parquet")))
    show("parquet column projection", lambda: count_tasks(client, lambda: pd.read_parquet(str(tmp/"t/readings.parquet"))))
    from examples.modin.trap_small_frame import question
    small = pd.DataFrame(make_table(1).head(5))
    show("small tasks", lambda: count_tasks(client, lambda: question(small)))
    show("large tasks", lambda: count_tasks(client, lambda: question(frame)))
    show("small pandas backend", lambda: count_tasks(client, lambda: question(small.move_to("Pandas"))))
    p = small.move_to("Pandas")
    show("small already pandas", lambda: (p.get_backend(), count_tasks(client, lambda: question(p)), question(p)==question(small)))
    from examples.modin.trap_few_rows import processes as procs
    show("few rows", lambda: (procs(8), procs(32), procs(64), procs(40)))
    from examples.modin.trap_two_lambdas import with_lambdas, with_columns
    def lam():
        a = with_lambdas(frame).modin.to_pandas(); b = with_lambdas(make_table(8)); c = with_columns(frame).modin.to_pandas(); d = with_columns(make_table(8))
        return a.equals(b), a.iloc[0].to_dict(), b.iloc[0].to_dict(), (a["thin"]==a["thick"]).all(), c.equals(d), c.iloc[0].to_dict()
    show("two lambdas", lam)
    def g7693():
        f = {"c0": [0], "c1": [1]}
        return repr(pandas.DataFrame(f).groupby(["c0","c1"])["c0"].max()), repr(pd.DataFrame(f).groupby(["c0","c1"])["c0"].max())
    show("7693", g7693)
    def g7692():
        f = {"c0": [1, numpy.nan], "c1": [numpy.nan, True]}
        return len(pandas.DataFrame(f).loc[lambda d: d["c1"].fillna(False)]), len(pd.DataFrame(f).loc[lambda d: d["c1"].fillna(False)])
    show("7692", g7692)
    show("7656 eval", lambda: pd.eval("1+1"))
    from examples.modin.trap_mixed_column import write_log, serials
    write_log(tmp/"log.csv")
    show("mixed pandas", lambda: serials(pandas, tmp/"log.csv"))
    show("mixed modin", lambda: serials(pd, tmp/"log.csv"))
    show("mixed dtype", lambda: serials(pd, tmp/"log.csv", dtype=str))
    from examples.modin.trap_default_to_pandas import processes, where
    col = frame[["thickness"]].head(200)
    me = os.getpid()
    for name, op in {
        "apply": lambda f: col["thickness"].apply(f), "map": lambda f: col["thickness"].map(f),
        "combine": lambda f: col["thickness"].combine(col["thickness"], lambda a, b: f(a)),
        "df.combine": lambda f: col.combine(col, lambda a, b: a*0 + f(0)),
        "groupby.filter->": lambda f: col.groupby(col["thickness"] > 10).apply(lambda g: f(g)),
        "agg": lambda f: col.agg([f]), "pipe": lambda f: col.transform(f),
        "rolling": lambda f: col.rolling(2).apply(lambda a: f(a)),
        "expanding": lambda f: col.expanding(2).apply(lambda a: f(a)).dropna(),
        "applymap": lambda f: col.map(f),
        "resample": lambda f: col.groupby(pandas.Series([0,1]*100)).agg(f),
    }.items():
        def go(op=op):
            ps, warned = processes(op)
            return "here" if ps == {me} else ("workers" if me not in ps else "both"), len(ps), warned[:2]
        show("default " + name, go)
    for name, op in {"asfreq": lambda: pd.DataFrame({"a": range(4)}, index=pandas.date_range("2026", periods=4)).asfreq("D"),
                     "interpolate": lambda: frame.head(50).interpolate(), "to_xarray": lambda: frame.head(3).to_markdown(),
                     "ewm": lambda: frame["thickness"].head(50).ewm(2).mean(), "merge_asof": lambda: pd.merge_asof(frame.head(3).sort_values("thickness"), frame.head(3).sort_values("thickness"), on="thickness"),
                     "swaplevel": lambda: frame.groupby(["batch","member"]).sum().swaplevel(), "rank": lambda: frame["thickness"].rank(), "cut": lambda: pd.cut(frame["thickness"], 3), "qcut": lambda: pd.qcut(frame["thickness"], 3),
                     "loop groups": lambda: [k for k, g in frame.groupby("member")][:2]}.items():
        show("op " + name, lambda op=op: (type(op()).__name__, count_tasks(client, op)))
    from examples.modin.trap_pull_to_driver import Drawing, arrivals
    marks = tmp/"marks"
    drawings = pandas.DataFrame({"member": range(100), "drawing": [Drawing(marks) for _ in range(100)]})
    dframe = pd.DataFrame(drawings)
    for name, op in {"make": lambda: None, "len": lambda: len(dframe), "head": lambda: dframe.head(3).modin.to_pandas(), "repr": lambda: repr(dframe), "sum": lambda: dframe["member"].sum(), "iterrows1": lambda: next(dframe.iterrows()), "to_numpy": lambda: dframe.to_numpy(), "to_pandas": lambda: dframe.modin.to_pandas(), "for": lambda: [c for c in dframe], "iloc": lambda: dframe.iloc[0], "itertuples": lambda: next(dframe.itertuples()), "sort": lambda: dframe.sort_values("member"), "values": lambda: dframe["member"].values}.items():
        def go(op=op):
            op(); time.sleep(0.2); return arrivals(marks)
        show("arrive " + name, go)
    from examples.modin.trap_pickle_frame import save, load_elsewhere
    show("pickle", lambda: (save(frame, tmp/"f.pkl"), load_elsewhere(tmp/"f.pkl")))
    def persist():
        with modin.config.context(PersistentPickle=True):
            return save(frame, tmp/"g.pkl"), load_elsewhere(tmp/"g.pkl")
    show("pickle persistent", persist)
    def late():
        def bad(x): 
            time.sleep(0.5); raise ValueError("no reading")
        t = time.time(); r = frame["thickness"].apply(bad); a = time.time()-t
        return a, type(r).__name__
    show("late error: call", late)
    def late2():
        def bad(x): raise ValueError("no reading")
        r = (frame[["thickness"]] * 2).map(bad)
        return r.sum()
    show("late error: result", late2)
    def eager():
        marks = tmp/"eager"
        def slow(x):
            with marks.open("a") as f: f.write("x")
            return x
        r = frame[["thickness"]].map(slow); first = marks.exists()
        time.sleep(2); return first, marks.exists(), len(marks.read_text()) if marks.exists() else 0
    show("eager", eager)
    seen = []
    from modin.logging.metrics import add_metric_handler, clear_metric_handler
    h = lambda n, v: seen.append(n)
    add_metric_handler(h); frame["thickness"].mean(); clear_metric_handler(h)
    print("metrics", seen[:6])
    def logs():
        os.chdir(tmp); modin.config.LogMode.enable(); frame["thickness"].mean(); modin.config.LogMode.disable()
        return [str(p.relative_to(tmp)) for p in (tmp/".modin").rglob("*")]
    show("logs", logs)
    def auto():
        with modin.config.context(AutoSwitchBackend=True):
            return pd.DataFrame(make_table(1).head(5)).get_backend(), question(pd.DataFrame(make_table(1).head(5)))and 1
    show("auto", auto)
    show("backend", lambda: (frame.get_backend(), modin.config.Backend.get()))
    client.close(); cluster.close()
