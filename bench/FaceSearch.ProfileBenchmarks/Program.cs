using System.Globalization;
using FaceSearch.ProfileBenchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["projection", var profile, var faces, var models, var target]:
        ProjectionFit.Run(profile, faces, models, target);
        return 0;
    default:
        Console.Error.WriteLine("projection PROFILE FACES MODELS TARGET: fits a projection, see bench/projection.sh");
        return 2;
}
