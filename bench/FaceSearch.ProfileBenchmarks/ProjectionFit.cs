using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using FaceSearch.Domain.Faces;
using MathNet.Numerics.LinearAlgebra;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>
/// Fits a centred projection to <see cref="Embedding.StandardLength"/> floats by principal component analysis: the mean
/// of the normalised outputs, and the eigenvectors of their covariance with the largest eigenvalues.
/// </summary>
internal static class ProjectionFit
{
    private const int Outputs = Embedding.StandardLength;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes <c>PROFILE-projection.bin</c> and its origin, <c>PROFILE-projection.json</c>.</summary>
    /// <param name="target">The folder.</param>
    public static async Task RunAsync(string profile, string facesFolder, Profiles profiles, string target)
    {
        var faces = OpenFaces.Read(facesFolder);
        var (encoder, network) = await profiles.OpenUnprojectedAsync(profile);
        var embeddings = MainFaces.Embed(encoder, faces.Folder, faces.Fit.Select(person => person.Pictures[0]));
        var rows = faces.Fit.Select(person => person.Pictures[0]).Where(embeddings.ContainsKey)
            .Select(picture => Normalised(embeddings[picture])).ToArray();

        var (mean, components, share) = Fit(Matrix<double>.Build.DenseOfRows(rows));
        var data = Write(mean, components);
        await File.WriteAllBytesAsync(Path.Combine(target, $"{profile}-projection.bin"), data);
        var origin = new Origin(
            Path.GetFileName(network), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(network))),
            mean.Count, Outputs, "mean, then a row per input; little-endian single floats",
            rows.Length, OpenFaces.FitRule, "Labeled Faces in the Wild, the people of shared/faces/open", faces.FitSha256(),
            Math.Round(share, 4), DateTime.UtcNow.ToString("yyyy-MM-dd"), $"bench/projection.sh {profile}",
            Convert.ToHexStringLower(SHA256.HashData(data)));
        await File.WriteAllTextAsync(
            Path.Combine(target, $"{profile}-projection.json"), JsonSerializer.Serialize(origin, Json) + "\n");
        Console.WriteLine(FormattableString.Invariant(
            $"projection profile={profile} people={rows.Length} inputs={mean.Count} outputs={Outputs} variance_kept={share:f4} sha256={origin.Sha256}"));
    }

    private static (Vector<double> Mean, Matrix<double> Components, double Share) Fit(Matrix<double> rows)
    {
        var mean = rows.ColumnSums() / rows.RowCount;
        var centred = Matrix<double>.Build.Dense(rows.RowCount, rows.ColumnCount, (i, j) => rows[i, j] - mean[j]);
        var eigen = centred.TransposeThisAndMultiply(centred).Evd(Symmetricity.Symmetric);

        // Eigenvalues ascend. An eigenvector's sign is arbitrary: the largest coordinate is made positive.
        var components = Matrix<double>.Build.DenseOfColumnVectors(Enumerable.Range(1, Outputs)
            .Select(i => eigen.EigenVectors.Column(rows.ColumnCount - i))
            .Select(vector => vector * Math.Sign(vector[vector.AbsoluteMaximumIndex()])));
        var values = eigen.EigenValues.Select(value => value.Real).ToArray();
        return (mean, components, values.TakeLast(Outputs).Sum() / values.Sum());
    }

    private static double[] Normalised(Embedding embedding)
    {
        var values = embedding.Values.ToArray().Select(value => (double)value).ToArray();
        var length = Math.Sqrt(values.Sum(value => value * value));
        return [.. values.Select(value => value / length)];
    }

    private static byte[] Write(Vector<double> mean, Matrix<double> components)
    {
        var values = mean.Concat(components.EnumerateRows().SelectMany(row => row)).ToArray();
        var data = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i * sizeof(float)), (float)values[i]);

        return data;
    }

    /// <summary>The sources of a data file.</summary>
    private sealed record Origin(
        string Network, string NetworkSha256, int Inputs, int Outputs, string Layout, int People, string Rule, string Pictures,
        string PeopleSha256, double VarianceKept, string Date, string Command, string Sha256);
}
