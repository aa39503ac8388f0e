using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.FaceEngine.Models.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Models;

/// <summary>Downloads from servers that fail in different ways.</summary>
public sealed class ModelDownloadTests : ModelStoreFixture
{
    [Test]
    public async Task Ensure_OtherContent_IsRefusedAndNamed()
    {
        byte[] other = [.. Content.Reverse()];
        Catalogue(Entry(Content, sources: [Server.Serve(other)]));

        Assert.That(await RefusalAsync(), Does.Contain("has the wrong SHA-256"));
        Assert.That(FilesMade(), Is.Empty);
    }

    [Test]
    public async Task Ensure_WrongHashAtOneAddress_TheNextIsUsed()
    {
        byte[] other = [.. Content.Reverse()];
        Catalogue(Entry(Content, sources: [Server.Serve(other, "other"), Server.Serve(Content)]));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
        Assert.That(Server.BytesSent, Is.EqualTo(2 * Content.Length), "no byte of the other file was kept");
    }

    [TestCase(300_001, true, "has 300001 bytes instead of 300000")]
    [TestCase(131, true, "has 131 bytes instead of 300000")]
    [TestCase(300_001, false, "sends more than 300000 bytes")]
    public async Task Ensure_OtherSize_IsRefusedAndNamed(int size, bool announced, string reason)
    {
        var source = Server.Answer("net.onnx", async context =>
        {
            if (announced)
                context.Response.ContentLength64 = size;
            await context.Response.OutputStream.WriteAsync(new byte[size]);
        });
        Catalogue(Entry(Content, sources: [source]));

        Assert.That(await RefusalAsync(), Does.Contain($"{source}: {reason}"));
        Assert.That(FilesMade(), Is.Empty);
    }

    [Test]
    public async Task Ensure_WebPageWith200_IsRefused_AndTheNextAddressUsed()
    {
        var page = Server.Answer("page", async context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.OutputStream.WriteAsync("<html>Sign in</html>"u8.ToArray());
        });
        Catalogue(Entry(Content, sources: [page, Server.Serve(Content)]));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
        Assert.That(Log.Lines, Has.Some.Contains($"not from {page}: answers with a web page"));
    }

    [Test]
    public async Task Ensure_BrokenTransfer_GoesOnWhereItStopped()
    {
        Catalogue(Entry(Content, sources: [
            Server.Answer("net.onnx", context => Server.SendAsync(context, Content, breakAfter: 110_000)),
        ]));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
        Assert.That(Server.Requests, Is.EqualTo(3));
        Assert.That(Server.BytesSent, Is.EqualTo(Content.Length), "no byte twice");
        Assert.That(FilesMade(), Is.EqualTo(new[] { "net.onnx" }));
    }

    [Test]
    public async Task Ensure_FileChangesBetweenTwoParts_IsFetchedWhole()
    {
        var asked = 0;
        Catalogue(Entry(Content, sources: [
            Server.Answer("net.onnx", context => Interlocked.Increment(ref asked) == 1
                ? Server.SendAsync(context, new byte[Content.Length], breakAfter: 110_000, tag: "\"0\"")
                : Server.SendAsync(context, Content)),
        ]));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
        Assert.That(asked, Is.EqualTo(2), "the second answer was the whole file");
    }

    [Test]
    public async Task Ensure_ServerKnowsNoRanges_IsFetchedWhole()
    {
        Put("dlib-models", "net.onnx.part", Content[..1000]);
        Catalogue(Entry(Content, sources: [
            Server.Answer("net.onnx", async context => await context.Response.OutputStream.WriteAsync(Content)),
        ]));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
    }

    [Test]
    public async Task Ensure_PartOfAnEarlierRun_IsCompleted()
    {
        Put("dlib-models", "net.onnx.part", Content[..200_000]);
        Catalogue(Entry(Content, sources: [Server.Serve(Content)]));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
        Assert.That(Server.BytesSent, Is.EqualTo(100_000));
    }

    [TestCase(200_000)]
    [TestCase(300_000)]
    [TestCase(400_000)]
    public async Task Ensure_PartOfAnotherFile_IsThrownAway(int size)
    {
        Put("dlib-models", "net.onnx.part", new byte[size]);
        Catalogue(Entry(Content, sources: [Server.Serve(Content)]));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
        Assert.That(FilesMade(), Is.EqualTo(new[] { "net.onnx" }));
    }

    [Test]
    public async Task Ensure_TransferThatBreaksForGood_KeepsItsPart_AndTheNextAddressGoesOn()
    {
        var asked = 0;
        var broken = Server.Answer("broken", context => Interlocked.Increment(ref asked) == 1
            ? Server.SendAsync(context, Content, breakAfter: 110_000)
            : Server.SendAsync(context, Content, breakAfter: 0));
        Catalogue(Entry(Content, sources: [broken, Server.Serve(Content)]));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
        Assert.That(Server.BytesSent, Is.EqualTo(Content.Length));
        Assert.That(Log.Lines, Has.Some.Contains($"not from {broken}: the connection broke after 110000 bytes"));
    }

    [TestCase(0)]
    [TestCase(100_000)]
    public async Task Ensure_StalledTransfer_IsGivenUp_AndTheNextAddressGoesOn(int before)
    {
        Settings["Models:StallTimeout"] = "00:00:00.5";
        var stalled = Server.Answer("stalled", async context =>
        {
            if (before > 0)
            {
                context.Response.ContentLength64 = Content.Length;
                await context.Response.OutputStream.WriteAsync(Content.AsMemory(0, before));
            }

            await Server.StallAsync();
        });
        Catalogue(Entry(Content, sources: [stalled, Server.Serve(Content)]));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
        Assert.That(Server.BytesSent, Is.EqualTo(Content.Length - before));
        Assert.That(Log.Lines, Has.Some.Contains($"not from {stalled}: sent nothing for 0.5 s"));
    }

    [Test]
    public async Task Ensure_SlowTransfer_IsGivenUpAtItsLimit()
    {
        Settings["Models:DownloadTimeout"] = "00:00:01";
        var slow = Server.Answer("slow", async _ => await Server.StallAsync());
        Catalogue(Entry(Content, sources: [slow]));

        Assert.That(await RefusalAsync(), Does.Contain($"{slow}: took longer than 00:00:01"));
    }

    [Test]
    public async Task Ensure_SeveralFiles_ComeSideBySide()
    {
        using var bothAsked = new CountdownEvent(2);
        Uri Source(string file, byte[] content) => Server.Answer(file, async context =>
        {
            bothAsked.Signal();
            await Task.Run(bothAsked.Wait);
            await Server.SendAsync(context, content);
        });
        Catalogue(
            Entry(Content, [Source("net.onnx", Content)]), Entry([1], [Source("other.onnx", [1])], file: "other.onnx"));

        var paths = await NewStore().EnsureAsync(["net.onnx", "other.onnx"], CancellationToken.None);

        Assert.That(paths, Has.Count.EqualTo(2), "each was sent only after both requests had arrived");
    }

    [Test]
    public async Task Download_HostThatTakesNoConnection_IsAskedOnce()
    {
        var connections = 0;
        using var handler = ModelDownloader.CreateHandler(new ModelsOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        handler.ConnectCallback = async (_, ct) =>
        {
            connections++;
            await Task.Delay(Timeout.Infinite, ct);
            return Stream.Null;
        };
        var clients = new Mock<IHttpClientFactory>();
        clients.Setup(factory => factory.CreateClient(ModelDownloader.HttpClientName))
            .Returns(() => new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan });
        var downloader = new ModelDownloader(
            clients.Object,
            Options.Create(new ModelsOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) }),
            TimeProvider.System,
            NullLogger<ModelDownloader>.Instance);

        foreach (var path in (string[])["a", "b"])
        {
            var failure = await Assert.ThrowsAsync<HttpRequestException>(() => downloader.DownloadAsync(
                new Uri($"https://models.invalid/{path}"),
                new ModelFile("net.onnx", "", null, null),
                Path.Combine(Models, "net.onnx.part"),
                CancellationToken.None));
            Assert.That(failure!.Message, Is.EqualTo("models.invalid takes no connection within 0.2 s"));
        }

        Assert.That(connections, Is.EqualTo(1));
    }

    [Test]
    public async Task Ensure_NothingAnswers_OneLineSaysWhatToDo()
    {
        Catalogue(Entry(Content, sources: [new Uri("http://127.0.0.1:1/net.onnx")]));

        var message = await RefusalAsync();

        Assert.Multiple(() =>
        {
            Assert.That(message, Does.StartWith("The model file net.onnx is missing"));
            Assert.That(message, Does.Contain(Path.Combine(Root, "mirror")));
            Assert.That(message, Does.Contain("http://127.0.0.1:1/net.onnx"));
            Assert.That(message, Does.Contain("Models:Mirrors"));
            Assert.That(message, Does.Not.Contain("\n"));
        });
    }

    [Test]
    [Platform("Linux")]
    public async Task Ensure_DiskIsFull_EndsAtOnce_AndTheNextStartWorks()
    {
        Catalogue(Entry(Content, sources: [Server.Serve(Content), Server.Serve(Content, "second")]));
        var part = Path.Combine(Models, "net.onnx.part");
        File.CreateSymbolicLink(part, "/dev/full");

        Assert.That(await RefusalAsync(), Does.StartWith("The disk is full: ").And.Contain($"Make room in {Models}"));
        Assert.That(Server.Requests, Is.EqualTo(1), "the second URL has the same full disk");

        File.Delete(part);
        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));
    }
}
