using FaceSearch.Benchmarks;

return args switch
{
    ["engine", .. var rest] => EngineBenchmark.Run(rest),
    ["alone", var vectors, var picture, var models] => await Alone.RunAsync(vectors, picture, models),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("engine [faces folder] [models folder]: the engine's steps in ms, and pictures per second");
    Console.Error.WriteLine("alone VECTORS PICTURE MODELS: a search without HTTP, see bench/http.sh");
    return 2;
}
