using System.Globalization;
using FaceSearch.ProfileBenchmarks;
using FaceSearch.ProfileBenchmarks.Quality;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["projection", var profile, var faces, var models, var unpacked, var target]:
        await ProjectionFit.RunAsync(profile, faces, new Profiles(models, unpacked), target);
        return 0;
    case ["profiles", var faces, var models, var unpacked, .. var labels]:
        await Comparison.RunAsync(faces, new Profiles(models, unpacked), labels);
        return 0;
    case ["times", var faces, var models, var unpacked, .. var labels]:
        await Comparison.TimeAsync(faces, new Profiles(models, unpacked), labels);
        return 0;
    case ["memory", var faces, var models, var unpacked, var label]:
        await Comparison.MeasureMemoryAsync(faces, new Profiles(models, unpacked), label);
        return 0;
    case ["near-duplicates", var faces, var models, var unpacked, .. var names]:
        await NearDuplicates.RunAsync(faces, new Profiles(models, unpacked), names);
        return 0;
    case ["centroid", var label, var shared, var unpacked, var target]:
        await CentroidFit.RunAsync(label, Path.Combine(shared, "faces", "open"), new Profiles(Path.Combine(shared, "models"), unpacked), target);
        return 0;
    case ["quality", var label, var shared, var unpacked]:
        await QualityReport.RunAsync(label, shared, new Profiles(Path.Combine(shared, "models"), unpacked));
        return 0;
    default:
        Console.Error.WriteLine("projection PROFILE FACES MODELS UNPACKED TARGET: fits a projection, see bench/projection.sh");
        Console.Error.WriteLine("profiles FACES MODELS UNPACKED [mfn|faceplugin|dlib|dlib-yunet]...: compares the profiles, see bench/profiles.sh");
        Console.Error.WriteLine("times FACES MODELS UNPACKED [label]...: only what a portrait costs with them");
        Console.Error.WriteLine("memory FACES MODELS UNPACKED LABEL: the memory of a process with this profile alone");
        Console.Error.WriteLine("near-duplicates FACES MODELS UNPACKED PROFILE...: distances of changed photographs, see docs/engine.md");
        Console.Error.WriteLine("centroid LABEL SHARED UNPACKED TARGET: where unrecognisable faces lie, see bench/quality.sh");
        Console.Error.WriteLine("quality LABEL SHARED UNPACKED: faces that are hard to recognise, see bench/quality.sh");
        return 2;
}
