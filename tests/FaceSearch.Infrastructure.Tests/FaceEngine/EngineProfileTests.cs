using FaceSearch.Infrastructure.FaceEngine;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

public sealed class EngineProfileTests
{
    [TestCase("mobile", "mobilefacenet-v1")]
    [TestCase("dlib", "dlib-resnet-v1", "dlib-resnet-yunet-v1")]
    [TestCase(
        "DLIB-densenet", "dlib-densenet-v1", "dlib-densenet-yunet-v1",
        "dlib-densenet-v1-testlandmarks", "dlib-densenet-yunet-v1-testlandmarks")]
    [TestCase("Auto", "espressif-mfn-v1", "mobilefacenet-v1", "faceplugin-v1", "dlib-resnet-yunet-v1", "dlib-resnet-v1")]
    [TestCase("mobilefacenet-v1", "mobilefacenet-v1")]
    [TestCase("dlib-resnet-yunet-v1", "dlib-resnet-yunet-v1")]
    [TestCase("mfn", "espressif-mfn-v1")]
    [TestCase("faceplugin", "faceplugin-v1")]
    [TestCase("other", new string[0])]
    public void Candidates_Name_BestFirst(string name, params string[] models) => Assert.That(
        EngineProfile.Candidates(name, new DlibOptions()).Select(profile => profile.Model), Is.EqualTo(models));

    [Test]
    public void Candidates_EveryName_HasSome() => Assert.That(
        EngineProfile.Names, Has.All.Matches<string>(name => EngineProfile.Candidates(name!, new DlibOptions()).Count > 0));

    // The id without a detector was used with both, so collections with that id keep YuNet when the setting is set.
    [TestCase("dlib", "mmod", "dlib-resnet-v1")]
    [TestCase("dlib", "yunet", "dlib-resnet-yunet-v1", "dlib-resnet-v1")]
    [TestCase("auto", "mmod", "espressif-mfn-v1", "mobilefacenet-v1", "faceplugin-v1", "dlib-resnet-v1")]
    public void Candidates_DetectorNamed_OnlyModelsThatRunIt(string name, string detector, params string[] models)
    {
        var profiles = EngineProfile.Candidates(name, new DlibOptions { Detector = detector });

        Assert.That(profiles.Select(profile => profile.Model), Is.EqualTo(models));
        Assert.That(profiles.Where(profile => profile.Name == "dlib").Select(profile => profile.Detector), Is.All.EqualTo(detector));
    }

    [Test]
    public void All_Ids_AreUnique() => Assert.That(
        EngineProfile.All(new DlibOptions()).Select(profile => profile.Model), Is.Unique);

    [TestCase(null, "mmod_human_face_detector.dat")]
    [TestCase("mmod", "mmod_human_face_detector.dat")]
    [TestCase("yunet", "yunet_n_dynamic.onnx")]
    public void Candidates_Detector_NeedsItsFile(string? detector, string file)
    {
        var profile = EngineProfile.Candidates("dlib", new DlibOptions { Detector = detector })[0];

        Assert.That(profile.Files, Is.EqualTo(new[] { file, "shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat" }));
    }
}
