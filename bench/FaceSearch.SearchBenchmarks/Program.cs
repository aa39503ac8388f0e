using System.Globalization;
using FaceSearch.SearchBenchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var rows = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
switch (args.FirstOrDefault())
{
    case "compare":
        Comparison.Run(rows);
        return 0;
    case "survivors":
        Survivors.Run(rows);
        return 0;
    case "growth":
        Growth.Run(rows);
        return 0;
    case "changes":
        Changes.Run(rows);
        return 0;
    case "callers":
        Callers.Run(rows);
        return 0;
    case "kernels":
        Kernels.Run();
        return 0;
    default:
        Console.Error.WriteLine("FaceSearch.SearchBenchmarks compare|survivors|growth|changes|callers|kernels [rows]");
        return 1;
}
