using FaceSearch.Cli;
using FaceSearch.Cli.CommandLine;

using var environment = CommandEnvironment.OfThisProcess();
return await CommandTree.RunAsync(args, environment);
