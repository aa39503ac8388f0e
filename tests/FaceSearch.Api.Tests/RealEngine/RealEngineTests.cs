using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Api.Tests.RealEngine;

/// <summary>Damaged, odd, large and many pictures, with any profile.</summary>
internal sealed class RealEngineTests : RealEngineFixture
{
    private static readonly DrawnPerson Ada = new(0);

    [TestCaseSource(typeof(BrokenFiles), nameof(BrokenFiles.Names))]
    public async Task BrokenFile_IsAClearProblem(string name)
    {
        var (status, code) = BrokenFiles.CodeOf(name) switch
        {
            "empty-picture" => (HttpStatusCode.BadRequest, "empty-picture"),
            var other => (HttpStatusCode.UnsupportedMediaType, other),
        };
        foreach (var route in new[] { "/search_faces/", "/add_face/" })
            await AssertProblemAsync(route, BrokenFiles.Read(name), status, code);
    }

    [Test]
    public Task SixtyMegapixelsInASmallPng_Is413() => AssertProblemAsync(
        "/search_faces/", DrawnPicture.EmptyPng(10_000, 6_000), HttpStatusCode.RequestEntityTooLarge, "too-many-pixels");

    [Test]
    public async Task BulkWithBrokenFiles_TheyFailAlone()
    {
        var zip = Archives.Zip([.. BrokenFiles.Names.Select(name => (name, BrokenFiles.Read(name))), ("x.jpg", new DrawnPerson(9).Picture())]);

        var json = await PostAsync("/add_faces_in_bulk/", zip, "x.zip");

        Assert.That(json.GetProperty("inserted").GetInt32(), Is.EqualTo(1));
        Assert.That(
            json.GetProperty("failures").EnumerateArray().Select(failure => failure.Text("reason")),
            Is.SupersetOf(new[] { "empty-picture", "damaged-picture", "not-a-picture" }));
    }

    [Test]
    public async Task NoFace_IsSearchedAndNotAdded()
    {
        var picture = DrawnPicture.Quarters(SKEncodedImageFormat.Png, 300, 200);

        Assert.That(FacesOf(await PostAsync("/search_faces/", picture)), Is.Empty);
        await AssertProblemAsync("/add_face/", picture, HttpStatusCode.UnprocessableEntity, "no-face");
    }

    [Test]
    public async Task TwoThousandSearchesAtOnce_AllAnsweredAlike()
    {
        var picture = Ada.Picture(size: 160);

        var answers = await Task.WhenAll(Enumerable.Range(0, 2000).Select(async _ =>
        {
            using var response = await Client.PostPictureAsync("/search_faces/?k=3&tolerance=0.7", picture);
            return (response.StatusCode, Body: await response.Content.ReadAsStringAsync());
        }));

        Assert.That(answers.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(answers.Select(answer => answer.Body).Distinct().Count(), Is.EqualTo(1));
    }

    [TestCase(false, "Canon EOS 5D Mark IV", "2018-09-18T12:36:32Z")]
    [TestCase(true, "Canon EOS 5D Mark III", "2016-08-05T12:00:45Z")]
    public async Task Exif_AloneOrInAZip_IsKnownAfterwards(bool inAZip, string camera, string capturedAt)
    {
        var taken = DateTime.Parse(capturedAt, null, System.Globalization.DateTimeStyles.AdjustToUniversal);
        var exif = new ExifEntries().Camera("Canon", camera).TakenAt(taken.ToString("yyyy:MM:dd HH:mm:ss", null), "+00:00");
        var picture = DrawnPicture.WithExif(new DrawnPerson(inAZip ? 7 : 8).Picture(), exif);
        if (inAZip)
            await PostAsync("/add_faces_in_bulk/", Archives.Zip(("picture.jpg", picture)), "x.zip");
        else
            await PostAsync("/add_face/", picture, status: HttpStatusCode.Created);
        var found = FacesOf(await PostAsync("/search_faces/?k=1&tolerance=0.01", picture))[0].GetProperty("matches")[0];

        var info = await (await Client.PostAsync(
            "/get_face_info/", new FormUrlEncodedContent([new("image_id", found.Text("imageId"))]))).ReadJsonAsync();

        Assert.That(info.Text("camera"), Is.EqualTo(camera));
        Assert.That(info.Text("capturedAt"), Is.EqualTo(capturedAt));
    }

    [Test]
    public async Task Detect_ProfileByNameOrModel_AnUnknownOneIs400()
    {
        var group = DrawnPerson.Group(0, (new(0), 260), (new(1), 260), (new(2), 260));
        var model = (await PostAsync("/v1/detect", group)).Text("model");

        foreach (var profile in new[] { TestEngine.Profile.ToUpperInvariant(), model })
            Assert.That(FacesOf(await PostAsync($"/v1/detect?profile={profile}", group)), Has.Length.EqualTo(3), profile);
        await PostAsync("/v1/detect?profile=dlib-densenet", group, status: HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Enrol_BlurredPicture_IsRefusedWithTheReason()
    {
        var problem = await PostAsync(
            "/v1/collections/default/faces", Redrawn(blur: 4), status: HttpStatusCode.UnprocessableEntity);

        Assert.That(problem.Texts("reasons"), Does.Contain("low-sharpness"));
    }

    // The second face of a group by its box; its crop shows that face.
    [Test]
    public async Task Enrol_TargetBoxInAGroup_TheCropIsThatFace()
    {
        var collection = await AddCollectionAsync("target");
        var group = DrawnPerson.Group(0, (new(0), 300), (new(1), 360), (new(2), 240));
        var second = FacesOf(await PostAsync("/v1/detect", group))[1];
        var box = second.GetProperty("box");
        var target = string.Join(',', new[] { "x", "y", "width", "height" }.Select(side => box.GetProperty(side).GetInt32()));

        var enrolled = await PostAsync(
            $"{collection}/faces?targetBox={target}&quality=none", group, status: HttpStatusCode.Created);
        var face = FacesOf(enrolled).Single();
        var crop = await Client.GetByteArrayAsync($"{collection}/faces/{face.Text("faceId")}/crop?size=320");

        Assert.That(face.GetProperty("box").ToString(), Is.EqualTo(box.ToString()));
        Assert.That(enrolled.GetProperty("refused").GetArrayLength(), Is.EqualTo(2));
        var match = FacesOf(await PostAsync($"{collection}/search?k=1&tolerance=0.3", crop))[0].GetProperty("matches")[0];
        Assert.That(match.Text("faceId"), Is.EqualTo(face.Text("faceId")));
    }

    // Rotated by 90 degrees to the left; the EXIF orientation rotates it back.
    [Test]
    public async Task Crop_PictureTurnedByExif_ShowsTheFaceUpright()
    {
        var collection = await AddCollectionAsync("turned");
        var turned = DrawnPicture.WithExif(Redrawn(turn: -90), new ExifEntries().Orientation(6));
        var added = await PostAsync($"{collection}/faces?quality=none", turned, status: HttpStatusCode.Created);

        var crop = await Client.GetByteArrayAsync($"{collection}/faces/{FacesOf(added)[0].Text("faceId")}/crop?size=256");

        var face = FacesOf(await PostAsync("/v1/detect", crop)).Single();
        Assert.That(face.GetProperty("quality").GetProperty("roll").GetSingle(), Is.Zero.Within(8));
    }

    private async Task AssertProblemAsync(string route, byte[] picture, HttpStatusCode status, string code) => Assert.That(
        (await PostAsync(route, picture, status: status)).Text("type"), Is.EqualTo("urn:facesearch:problem:" + code));

    private static byte[] Redrawn(float blur = 0, float turn = 0)
    {
        using var bitmap = SKBitmap.Decode(Ada.Picture());
        using var redrawn = new SKBitmap(bitmap.Width, bitmap.Height);
        using var canvas = new SKCanvas(redrawn);
        using var filter = blur > 0 ? SKImageFilter.CreateBlur(blur, blur) : null;
        using var paint = new SKPaint { ImageFilter = filter };
        canvas.RotateDegrees(turn, bitmap.Width / 2f, bitmap.Height / 2f);
        canvas.DrawBitmap(bitmap, 0, 0, new SKSamplingOptions(SKFilterMode.Linear), paint);
        using var data = redrawn.Encode(SKEncodedImageFormat.Jpeg, 95);
        return data.ToArray();
    }
}
