using System.Collections;
using FaceSearch.Infrastructure.VectorIndex.Codes;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Codes;

/// <summary>The implementations whose instructions this processor has.</summary>
internal sealed class BlockProductsOfThisProcessor : IEnumerable<TestFixtureData>
{
    private static readonly (Type Type, bool IsSupported)[] All =
    [
        Of<VnniProducts>(), Of<Avx512Products>(), Of<Avx2Products>(), Of<Vector128Products>(), Of<ScalarProducts>(),
    ];

    public static IEnumerable<Type> Missing => All.Where(products => !products.IsSupported).Select(products => products.Type);

    public IEnumerator<TestFixtureData> GetEnumerator() => All
        .Where(products => products.IsSupported)
        .Select(products => new TestFixtureData { TypeArgs = [products.Type] })
        .GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static (Type Type, bool IsSupported) Of<TProducts>()
        where TProducts : struct, IBlockProducts => (typeof(TProducts), TProducts.IsSupported);
}

/// <summary>Skipped cases show the code paths that this machine can't run.</summary>
internal sealed class ProcessorTests
{
    [Test]
    public void Processor_HasTheInstructionsOfEveryBlockProduct()
    {
        var missing = BlockProductsOfThisProcessor.Missing.Select(type => type.Name).ToList();
        if (missing.Count > 0)
            Assert.Ignore($"This processor lacks the instructions of {string.Join(", ", missing)}: run the tests on one that has them.");
    }
}
