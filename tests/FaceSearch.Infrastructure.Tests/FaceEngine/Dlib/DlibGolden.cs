namespace FaceSearch.Infrastructure.Tests.FaceEngine.Dlib;

/// <summary>The results of dlib 19.24, for machines without it.</summary>
internal static class DlibGolden
{
    /// <summary>mmod without upsampling, face_landmarks_5.dat, chip, DenseNet: of the pairs of pairs.csv, at 0.6.</summary>
    public const double PairsRightAtTolerance = 0.9517;

    /// <summary>The same at the best tolerance for these pairs.</summary>
    public const double PairsRightAtBest = 0.9583;

    /// <summary>mmod without upsampling, the published landmarks, chip, the published ResNet, at 0.6.</summary>
    public const double ResNetPairsRightAtTolerance = 0.9783;
}
