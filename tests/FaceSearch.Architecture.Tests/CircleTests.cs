using System.Reflection;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.NUnit;

namespace FaceSearch.Architecture.Tests;

/// <summary>No folder depends on a folder that depends on it, directly or through others.</summary>
internal sealed class CircleTests
{
    [TestCase("FaceSearch.Domain")]
    [TestCase("FaceSearch.Application")]
    [TestCase("FaceSearch.Infrastructure")]
    [TestCase("FaceSearch.Api")]
    [TestCase("FaceSearch.Cli", "facesearch")]
    public void Folders_AreFreeOfCircles(string root, string? assembly = null)
    {
        var architecture = new ArchLoader().LoadAssembly(Assembly.Load(assembly ?? root)).Build();

        SliceRuleDefinition.Slices().Matching($"{root}.(**)").Should().BeFreeOfCycles().Check(architecture);
    }
}
