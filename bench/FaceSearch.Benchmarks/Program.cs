using FaceSearch.Benchmarks;

return args switch
{
    ["engine", .. var rest] => EngineBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("engine [faces folder] [models folder]: the engine's steps in ms, and pictures a second");
    return 2;
}
