using System.Reflection;
using FaceSearch.Api.Search;
using FaceSearch.Domain.Faces;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Architecture.Tests;

/// <summary>Operators filter and alert by the id of a log message.</summary>
[Category("Fault-F9")]
internal sealed class LogTests
{
    private const BindingFlags Any =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Assembly[] Assemblies =
    [
        typeof(Face).Assembly,
        typeof(Application.DependencyInjection).Assembly,
        typeof(Infrastructure.DependencyInjection).Assembly,
        typeof(SearchController).Assembly,
        Assembly.Load("facesearch"),
    ];

    [Test]
    public void EventId_OfALogMessage_IsUnique()
    {
        var messages = Assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(Any))
            .Select(method => (Method: method, method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(message => message.EventId is not null)
            .ToArray();
        Assert.That(messages, Is.Not.Empty, "The test checks no message.");

        var repeated = messages.GroupBy(message => message.EventId)
            .Where(group => group.Count() > 1 || group.Key <= 0)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(one => $"{one.Method.DeclaringType}.{one.Method.Name}"))}");

        Assert.That(repeated, Is.Empty);
    }
}
