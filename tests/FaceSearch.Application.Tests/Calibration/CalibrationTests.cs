using System.Text.Json;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Calibration;
using FaceSearch.Domain.Faces;
using FsCheck;
using FsCheck.Fluent;

namespace FaceSearch.Application.Tests.Calibration;

internal sealed class CalibrationTests
{
    private const float CurrentTolerance = 0.6f;

    [Test]
    public void Calibrate_AnyFaces_CountsAsTheNaiveTwin() => ForAnyFaces(faces =>
    {
        var (same, different) = NaivePairs(faces);
        var result = Calibrate(faces, steps: 25);

        Assert.That(result.Pairs, Is.EqualTo(new MeasuredPairs(same.Count, different.Count, false)));
        foreach (var rates in result.Rates.Append(result.Current))
        {
            Assert.That(rates.FalseMatchRate, Is.EqualTo(Share(different, square => Matches(square, rates.Tolerance))));
            Assert.That(rates.FalseNonMatchRate, Is.EqualTo(Share(same, square => !Matches(square, rates.Tolerance))));
        }
    });

    [Test]
    public void Calibrate_AnyFaces_RatesAreMonotoneAndCountsAddUp() => ForAnyFaces(faces =>
    {
        var result = Calibrate(faces, steps: 50);

        Assert.That(result.Rates.Select(rates => rates.Tolerance), Is.Ordered.And.Unique);
        Assert.That(result.Rates.Select(rates => rates.FalseMatchRate ?? 0), Is.Ordered);
        Assert.That(result.Rates.Select(rates => rates.FalseNonMatchRate ?? 0), Is.Ordered.Descending);
        Assert.That(result.Same.Sum(), Is.EqualTo(result.Pairs.Same));
        Assert.That(result.Different.Sum(), Is.EqualTo(result.Pairs.Different));
        Assert.That(result.Same, Has.Count.EqualTo(result.Different.Count));
        Assert.That(result.Rates.Select(rates => rates.ExpectedFalseMatches ?? 0),
            Is.EqualTo(result.Rates.Select(rates => (rates.FalseMatchRate ?? 0) * faces.Length)));
    });

    [Test]
    public void Calibrate_AnyFacesAndRate_WantedIsTheLargestToleranceThatKeepsToIt() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), Arb.From(Gen.Choose(0, 1000)), (seed, perMille) =>
        {
            var faces = RandomFaces(seed);
            var (_, different) = NaivePairs(faces);
            var wanted = Calibrate(faces, falseMatchRate: perMille / 1000.0).Wanted;
            if (wanted is null)
            {
                Assert.That(different.Count == 0 || Share(different, square => Matches(square, DistanceCounts.Step)) > perMille / 1000.0);
                return;
            }

            Assert.That(wanted.FalseMatchRate, Is.LessThanOrEqualTo(perMille / 1000.0));
            if (wanted.Tolerance < DistanceCounts.Max)
                Assert.That(
                    Share(different, square => Matches(square, wanted.Tolerance + DistanceCounts.Step)), Is.GreaterThan(perMille / 1000.0));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Test]
    public void Calibrate_Histogram_PutsEachDistanceInItsBin()
    {
        var result = Calibrate([(1, At(0f)), (1, At(0f)), (2, At(0.5f)), (2, At(9f))]);

        Assert.That(result.BinWidth, Is.EqualTo(0.02));
        Assert.That(result.Same[0], Is.EqualTo(1), "the distance 0");
        Assert.That(result.Different[24], Is.EqualTo(2), "two of 0.5, at the end of the bin that begins at 0.48");
        Assert.That(result.Same[200], Is.EqualTo(1), "8.5 is beyond all tolerances");
        Assert.That(result.Different[200], Is.EqualTo(2));
    }

    [Test]
    public void Calibrate_ExactlyAtATolerance_IsDecidedAsASearchDecides()
    {
        // 0.6f is slightly more than 0.6, and 0.6f - 0f equals 0.6f.
        var result = Calibrate([(1, At(0f)), (2, At(0.6f))]);

        Assert.That(result.Current.FalseMatchRate, Is.EqualTo(1));
    }

    [Test]
    public void Calibrate_MoreFacesThanAreMeasured_DrawsTheSameOnesEachTime()
    {
        var faces = Enumerable.Range(0, 3000).Select(i => ((long)(i / 2), At((i / 2) % 10))).ToArray();

        var (first, second) = (Count(faces, maxFaces: 500), Count(faces, maxFaces: 500));

        Assert.That(first.IsSampled, Is.True);
        Assert.That(first.Same.Total, Is.EqualTo(1500), "all of those");
        Assert.That(first.Different.Total, Is.GreaterThan(500 * 499 / 2 - 500).And.LessThanOrEqualTo(500 * 499 / 2));
        Assert.That(second.Different.Histogram(200), Is.EqualTo(first.Different.Histogram(200)));
        var share = (double)first.Different.Within(1) / first.Different.Total;
        Assert.That(share, Is.EqualTo(0.1).Within(0.02), "one in ten places is the same: the draw is fair");
    }

    [Test]
    public void Measurement_StoredAndRead_ReportsTheSame() => ForAnyFaces(faces =>
    {
        var measured = Measure(faces);

        var read = CalibrationMeasurement.From(measured.ToRow(7));

        Assert.That(JsonSerializer.Serialize(Report(read)), Is.EqualTo(JsonSerializer.Serialize(Report(measured))));
        Assert.That(read.Different.Total, Is.EqualTo(measured.Different.Total));
    });

    [Test]
    public void Measurement_OfManyPairs_IsStoredCompactly()
    {
        var random = new Random(1);
        var counts = new DistanceCounts();
        var squares = new double[1000];
        for (var batch = 0; batch < 1000; batch++)
        {
            foreach (ref var square in squares.AsSpan())
                square = 1 + random.NextDouble();
            counts.Add(squares);
        }

        Assert.That(counts.ToBytes(), Has.Length.LessThan(16_000), "a million pairs at 4,142 places");
    }

    [Test]
    public void Counter_OfManyFaces_IsFinishedInParts()
    {
        var counter = new PairCounter(new ZeroDistances());
        for (var person = 0; person < 2000; person++)
            counter.Add(person, At(person));

        Assert.That(counter.FinishPart(CancellationToken.None), Is.True);
        Assert.That(counter.Different.Total, Is.InRange(1_000_000, 1_002_000));
        Assert.That(counter.FinishPart(CancellationToken.None), Is.False);
        Assert.That(counter.Different.Total, Is.EqualTo(2000 * 1999 / 2));
    }

    [Test]
    public void Calibrate_NoFaces_AnswersNullsAndWarnings()
    {
        var result = Calibrate([]);

        Assert.That(result.Current, Is.EqualTo(new ToleranceRates(0.6, null, null, null)));
        Assert.That(result.Wanted, Is.Null);
        Assert.That(result.Warnings, Has.Count.EqualTo(2));
    }

    [Test]
    public void Calibrate_EnoughFaces_WarnsOfNothing()
    {
        var random = new Random(1);
        var faces = Enumerable.Range(0, 400).Select(i => ((long)(i / 4), At(random.NextSingle() * 2))).ToArray();

        Assert.That(Calibrate(faces).Warnings, Is.Empty);
    }

    private static void ForAnyFaces(Action<(long Person, Embedding Face)[]> check) =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed => check(RandomFaces(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    /// <summary>Close to each other, so that every tolerance separates some pairs; some faces are equal.</summary>
    private static (long Person, Embedding Face)[] RandomFaces(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, random.Next(0, 40))
            .Select(_ => ((long)random.Next(1, 12), random.Next(8) == 0 ? At(0.3f) : At(random.NextSingle() * 3, random.NextSingle())))
            .OrderBy(face => face.Item1)];
    }

    private static Embedding At(float x, float y = 0)
    {
        var values = new float[Embedding.StandardLength];
        (values[0], values[127]) = (x, y);
        return new Embedding(values);
    }

    private static CalibrationResult Calibrate(
        (long Person, Embedding Face)[] faces, double falseMatchRate = 0.001, int steps = 40) =>
        Report(Measure(faces), falseMatchRate, steps);

    private static CalibrationResult Report(CalibrationMeasurement measured, double falseMatchRate = 0.001, int steps = 40) =>
        new CalibrationReport(measured).ToResult(new CalibrateCollectionCommand("c", falseMatchRate, steps), CurrentTolerance);

    private static CalibrationMeasurement Measure((long Person, Embedding Face)[] faces) =>
        CalibrationMeasurement.From("model", faces.Length, Count(faces, PairCounter.MaxFaces), DateTime.UnixEpoch);

    private static PairCounter Count((long Person, Embedding Face)[] faces, int maxFaces)
    {
        var counter = new PairCounter(new PlainDistances(), maxFaces);
        foreach (var (person, face) in faces)
            counter.Add(person, face);

        while (counter.FinishPart(CancellationToken.None))
        {
        }

        return counter;
    }

    private static (List<double> Same, List<double> Different) NaivePairs((long Person, Embedding Face)[] faces)
    {
        var (same, different) = (new List<double>(), new List<double>());
        for (var i = 0; i < faces.Length; i++)
        {
            for (var j = 0; j < i; j++)
                (faces[i].Person == faces[j].Person ? same : different).Add(Square(faces[i].Face, faces[j].Face));
        }

        return (same, different);
    }

    private static double Square(Embedding a, Embedding b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += ((double)a.Values[i] - b.Values[i]) * ((double)a.Values[i] - b.Values[i]);

        return sum;
    }

    /// <summary>Compares like a search: squared distances, and a float tolerance.</summary>
    private static bool Matches(double square, double tolerance) => square <= (double)(float)tolerance * (float)tolerance;

    private static double? Share(List<double> squares, Func<double, bool> isCounted) =>
        squares.Count == 0 ? null : (double)squares.Count(isCounted) / squares.Count;

    private sealed class ZeroDistances : IFaceDistances
    {
        public void Measure(ReadOnlySpan<float> face, ReadOnlySpan<float> others, Span<double> squares) => squares.Clear();
    }

    private sealed class PlainDistances : IFaceDistances
    {
        public void Measure(ReadOnlySpan<float> face, ReadOnlySpan<float> others, Span<double> squares)
        {
            for (var i = 0; i < squares.Length; i++)
                squares[i] = Square(new Embedding(face), new Embedding(others.Slice(i * face.Length, face.Length)));
        }
    }
}
