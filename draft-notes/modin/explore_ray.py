import os, sys, time, warnings
exec(open("draft-notes/modin/explore_dask.py").read().split('if __name__')[0])
if __name__ == "__main__":
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import modin, modin.config, modin.pandas as pd, pandas
    modin.config.CpuCount.put(2)
    modin.config.Engine.put("Ray")
    show("modin starts ray", lambda: float(pd.DataFrame({"a": range(100)})["a"].sum()))
    import ray
    print(ray.__version__, ray.cluster_resources(), modin.config.NPartitions.get())
    from examples.modin.trap_two_lambdas import with_lambdas
    from examples.workload.table import make_table
    frame = pd.DataFrame(make_table(8))
    show("lambdas", lambda: with_lambdas(frame).modin.to_pandas().iloc[0].to_dict())
    show("after", lambda: float(frame["thickness"].apply(lambda v: v * 2).sum()))
    ray.shutdown()
    show("restart", lambda: (ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR"), float(pd.DataFrame({"a": range(100)})["a"].sum()))[1])
    ray.shutdown()
