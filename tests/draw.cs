// Writes two pictures each of drawn people into a folder: dotnet run tests/draw.cs -- FOLDER COUNT
#:project FaceSearch.TestSupport/FaceSearch.TestSupport.csproj
using System.Globalization;
using FaceSearch.TestSupport;

var folder = Directory.CreateDirectory(args[0]).FullName;
foreach (var person in DrawnPerson.Take(int.Parse(args[1], CultureInfo.InvariantCulture)))
{
    File.WriteAllBytes(Path.Combine(folder, person.FileName(1)), person.Picture(-0.6));
    File.WriteAllBytes(Path.Combine(folder, person.FileName(2)), person.Picture(0.6));
}
