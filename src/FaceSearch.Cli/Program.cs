using FaceSearch.Cli;
using FaceSearch.Cli.CommandLine;

using var surroundings = Surroundings.OfThisProcess();
return await CommandTree.RunAsync(args, surroundings);
