// Most tests wait for a database, a lease or another process. Each has a database of its own.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]
