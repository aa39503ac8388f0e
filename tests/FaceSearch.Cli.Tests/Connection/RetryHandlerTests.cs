using System.Net;
using System.Net.Http.Headers;
using FaceSearch.Cli.Connection;

namespace FaceSearch.Cli.Tests.Connection;

internal sealed class RetryHandlerTests
{
    private readonly List<string> keys = [];
    private readonly List<string?> troubles = [];
    private readonly HastyTime time = new();

    [SetUp]
    public void Forget()
    {
        keys.Clear();
        troubles.Clear();
    }

    [Test]
    public async Task BrokenConnection_IsRetriedWithTheSameKeyAndTheWholeBody()
    {
        var bodies = new List<string>();
        var answers = new Queue<Func<HttpResponseMessage>>([Ok, Broken, Broken, Ok]);
        using var client = Client(TimeSpan.FromMinutes(1), answers, bodies);
        await client.GetAsync("/");

        using var content = new StreamContent(new MemoryStream("all of it"u8.ToArray()));
        var response = await client.PostAsync("/jobs", content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(bodies, Is.EqualTo(new[] { "all of it", "all of it", "all of it" }));
        Assert.That(keys.Distinct().ToList(), Has.Count.EqualTo(1));
        Assert.That(troubles, Does.Contain("the server does not answer"));
        Assert.That(troubles[^1], Is.Null, "The server answers again.");
    }

    [Test]
    public void ServerNeverReached_IsNotRetried()
    {
        using var client = Client(TimeSpan.FromMinutes(1), new([Unreachable, Ok]));

        Assert.That(() => client.GetAsync("/"), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task ConnectionBrokenThenRefused_IsRetried()
    {
        using var client = Client(TimeSpan.FromMinutes(1), new([Broken, Unreachable, Unreachable, Ok]));

        Assert.That((await client.GetAsync("/")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task PatienceEnds()
    {
        var answers = new Queue<Func<HttpResponseMessage>>([Ok, .. Enumerable.Repeat(Broken, 1000)]);
        using var client = Client(TimeSpan.FromSeconds(20), answers);
        await client.GetAsync("/");

        Assert.That(() => client.GetAsync("/"), Throws.InstanceOf<HttpRequestException>());
        Assert.That(time.Passed, Is.EqualTo(TimeSpan.FromSeconds(20)).Within(TimeSpan.FromSeconds(5)));
    }

    [TestCase(HttpStatusCode.ServiceUnavailable)]
    [TestCase(HttpStatusCode.TooManyRequests)]
    [TestCase(HttpStatusCode.Conflict)]
    public async Task RetryAfter_IsRespected(HttpStatusCode status)
    {
        using var client = Client(TimeSpan.Zero, new([() => Later(status, 5), () => Later(status, 5), Ok]));

        var response = await client.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(time.Passed, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task BusyBeyondThePatience_ReturnsTheAnswer()
    {
        var answers = Enumerable.Repeat<Func<HttpResponseMessage>>(() => Later(HttpStatusCode.ServiceUnavailable, 5), 100);
        using var client = Client(TimeSpan.Zero, new(answers));

        Assert.That((await client.GetAsync("/")).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(time.Passed, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(30)));
    }

    [TestCase(HttpStatusCode.Conflict)]
    [TestCase(HttpStatusCode.InternalServerError)]
    public async Task Conflict_WithoutRetryAfter_IsNotRetried(HttpStatusCode status)
    {
        using var client = Client(TimeSpan.FromMinutes(1), new([() => new HttpResponseMessage(status)]));

        Assert.That((await client.GetAsync("/")).StatusCode, Is.EqualTo(status));
    }

    private static HttpResponseMessage Ok() => new(HttpStatusCode.OK);

    private static HttpResponseMessage Broken() => throw new HttpRequestException("broken");

    private static HttpResponseMessage Unreachable() => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");

    private static HttpResponseMessage Later(HttpStatusCode status, int seconds) =>
        new(status) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds)) } };

    private HttpClient Client(TimeSpan patience, Queue<Func<HttpResponseMessage>> answers, List<string>? bodies = null)
    {
        time.Restart();
        var server = new RecordingServer(request =>
        {
            if (request.Headers.TryGetValues(RetryHandler.IdempotencyKey, out var key))
                keys.AddRange(key);
            return answers.Dequeue()();
        }, bodies);
        return new HttpClient(new RetryHandler(server, new RetryTimeout(patience, troubles.Add), time))
        {
            BaseAddress = new Uri("http://server"),
        };
    }

    private sealed class RecordingServer(Func<HttpRequestMessage, HttpResponseMessage> answer, List<string>? bodies)
        : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is not null)
            {
                using var body = new MemoryStream();
                await request.Content.CopyToAsync(body, cancellationToken);
                bodies?.Add(System.Text.Encoding.UTF8.GetString(body.ToArray()));
            }

            return answer(request);
        }
    }

    /// <summary>A delay ends at once and advances the clock. Timeouts never fire.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

        public TimeSpan Passed { get; private set; }

        public void Restart() => Passed = TimeSpan.Zero;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > LongestPause)
                return System.CreateTimer(callback, state, dueTime, period);

            Passed += dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
