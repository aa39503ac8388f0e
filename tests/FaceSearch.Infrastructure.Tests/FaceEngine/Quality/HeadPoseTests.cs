using System.Numerics;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Quality;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Quality;

/// <summary>Heads with a known pose: a mean face rotated by matrices, in orthographic projection.</summary>
public sealed class HeadPoseTests
{
    private const double Within = 0.5;

    private static readonly Vector3[] Facial =
    [
        new(-3.1511f, -2.6246f, 3.4657f), new(3.1511f, -2.6246f, 3.4657f), new(0, 1.1269f, 7.4756f),
        new(-2.4562f, 4.3426f, 4.2839f), new(2.4562f, 4.3426f, 4.2839f),
    ];

    private static readonly Vector3[] Dlib =
    [
        new(4.4459f, -2.6640f, 3.1734f), new(1.8564f, -2.5852f, 3.7579f),
        new(-4.4459f, -2.6640f, 3.1734f), new(-1.8564f, -2.5852f, 3.7579f), new(0, 2.0890f, 6.0583f),
    ];

    [Test, Combinatorial]
    public void OfFacialPoints_TurnedHead_FindsTheAngles(
        [Values(-70, -30, 0, 10, 55)] float yaw, [Values(-40, -5, 0, 25)] float pitch, [Values(-170, -20, 0, 90)] float roll)
    {
        var pose = HeadPose.OfFacialPoints(Seen(Facial, yaw, pitch, roll));

        AssertPose(pose, yaw, pitch, roll);
    }

    [Test, Combinatorial]
    public void OfDlibPoints_TurnedHead_FindsTheAngles(
        [Values(-50, 0, 30)] float yaw, [Values(-25, 0, 25)] float pitch, [Values(-20, 0, 45)] float roll)
    {
        var pose = HeadPose.OfDlibPoints(Seen(Dlib, yaw, pitch, roll));

        AssertPose(pose, yaw, pitch, roll);
    }

    [Test]
    public void Of68Points_TakesTheSameFive()
    {
        var five = Seen(Facial, 20, -10, 5).Points;
        var points = new Landmark[68];
        Array.Fill(points, five[0], 36, 6);
        Array.Fill(points, five[1], 42, 6);
        (points[30], points[48], points[54]) = (five[2], five[3], five[4]);

        AssertPose(HeadPose.OfFacialPoints(new FaceLandmarks(points)), 20, -10, 5);
        AssertPose(HeadPose.OfDlibPoints(new FaceLandmarks(points)), 20, -10, 5);
    }

    [Test]
    public void Of_AllPointsOne_AnswersFiniteAngles()
    {
        var pose = HeadPose.OfFacialPoints(new FaceLandmarks([.. Enumerable.Repeat(new Landmark(7, 7), 5)]));

        Assert.That(float.IsFinite(pose.Yaw + pose.Pitch + pose.Roll), Is.True);
    }

    [Test]
    public void Of_OtherNumberOfPoints_Throws() => Assert.That(
        () => HeadPose.OfFacialPoints(new FaceLandmarks([new Landmark(1, 1)])), Throws.ArgumentException);

    private static void AssertPose(HeadPose pose, float yaw, float pitch, float roll)
    {
        Assert.That(pose.Yaw, Is.EqualTo(yaw).Within(Within));
        Assert.That(pose.Pitch, Is.EqualTo(pitch).Within(Within));
        Assert.That(pose.Roll, Is.EqualTo(roll).Within(Within));
    }

    /// <summary>System.Numerics turns anticlockwise around each axis, as seen from its tip; y is down here.</summary>
    private static FaceLandmarks Seen(Vector3[] head, float yaw, float pitch, float roll)
    {
        var turn = Matrix4x4.CreateRotationY(float.DegreesToRadians(yaw))
            * Matrix4x4.CreateRotationX(float.DegreesToRadians(pitch))
            * Matrix4x4.CreateRotationZ(float.DegreesToRadians(roll));
        return new FaceLandmarks([.. head
            .Select(point => Vector3.Transform(point, turn))
            .Select(point => new Landmark(100 + (9 * point.X), 80 + (9 * point.Y)))]);
    }
}
