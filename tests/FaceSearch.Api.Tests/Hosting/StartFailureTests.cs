using FaceSearch.Api.Hosting;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Tests.Hosting;

internal sealed class StartFailureTests
{
    private static IEnumerable<Exception> FaultsOfTheMachine()
    {
        yield return new StartException("The model file x is missing: put it there.");
        yield return new OptionsValidationException("Engine", typeof(object), ["Engine:Profile: no such profile."]);
        yield return new SqliteException("unable to open database file", 14);
        yield return new IOException("Failed to bind.", new Microsoft.AspNetCore.Connections.AddressInUseException("in use"));
    }

    [TestCaseSource(nameof(FaultsOfTheMachine))]
    public void Explain_FaultOfTheMachine_IsOneLine(Exception exception)
    {
        var line = StartFailure.Explain(exception);

        Assert.That(line, Is.Not.Null.And.Not.Contains("\n"));
    }

    [Test]
    public void Explain_FaultOfTheProgram_KeepsItsStackTrace() =>
        Assert.That(StartFailure.Explain(new InvalidOperationException("bug")), Is.Null);

    [TestCase("mobile", "^The model files [a-z_., ]+ are missing .*Models:Mirrors\\.$")]
    [TestCase("auto", "^None of the models .*mobilefacenet-v1, .*dlib-resnet-v1 is available\\. The model files [^(]+ are missing .*Models:Mirrors\\.$")]
    public void Server_ModelsNowhere_SaysWhichFileAndWhatToDo(string profile, string line)
    {
        using var server = new TestServer(realEngine: true);
        server.Settings["Engine:Profile"] = profile;
        server.Settings["Models:Directory"] = Path.Combine(server.Folder, "models");
        server.Settings["Models:Mirrors:0"] = Path.Combine(server.Folder, "nowhere");
        server.Settings["Models:Download"] = "false";

        var console = new StringWriter();
        var original = Console.Error;
        Console.SetError(console);
        try
        {
            Assert.That(server.CreateClient, Throws.InvalidOperationException, "The program ended instead of serving.");
        }
        finally
        {
            Console.SetError(original);
        }

        Assert.That(console.ToString().TrimEnd(), Does.Match(line));
    }
}
