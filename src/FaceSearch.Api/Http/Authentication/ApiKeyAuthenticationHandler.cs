using System.Security.Claims;
using System.Text.Encodings.Web;
using FaceSearch.Api.Http.Binding;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using Mediator;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.Authentication;

/// <summary>
/// Authenticates callers by their API key, in <c>X-Api-Key</c> or <c>Authorization: Bearer</c>; in a form field only
/// where the endpoint says so, in a URL never. In Development a caller without a key may search and add at <c>localhost</c>.
/// </summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemeOptions,
    IOptions<AccessOptions> access,
    IOptions<CorsOptions> cors,
    IHostEnvironment environment,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    ApiKeyCache verified,
    ApiKeyUsage use,
    TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemeOptions, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    public const string HeaderName = "X-Api-Key";

    private const string BearerPrefix = "Bearer ";

    /// <summary>True when authentication will read the request's form, because no header has a key.</summary>
    public static bool ReadsBody(HttpContext context) =>
        FieldOf(context) is not null && FindInHeaders(context.Request) is null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await FindSecretAsync() is not { Length: > 0 } secret)
            return AllowsAnonymous && !IsForeign ? Succeed(Scopes.OfAnonymous) : AuthenticateResult.NoResult();

        var key = verified.Find(secret);
        if (key is null)
        {
            var asked = await Context.RequestServices.GetRequiredService<ISender>()
                .Send(new VerifyApiKeyQuery(secret), Context.RequestAborted);
            if (asked.Error is { } error)
                return AuthenticateResult.Fail(error.Message);

            key = asked.Value;
        }

        return key.HasExpired(time.GetUtcNow().UtcDateTime) ? Refuse(key) : LetIn(key);
    }

    private AuthenticateResult Refuse(VerifiedKey key)
    {
        Context.Features.Set(new ExpiredKey(key.Id));
        return AuthenticateResult.Fail(AccessErrors.ExpiredKey.Message);
    }

    private AuthenticateResult LetIn(VerifiedKey key)
    {
        use.Note(key.Id);
        return Succeed(
        [
            new Claim(ClaimTypes.NameIdentifier, EntityId.Format(key.Id)),
            new Claim(ClaimTypes.Name, key.Name),
            .. key.Collections.Select(id => new Claim(HttpCaller.CollectionClaim, EntityId.Format(id))),
            .. Scopes.ClaimsOf(key.Scopes),
        ]);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (AllowsAnonymous && IsForeign && await FindSecretAsync() is not { Length: > 0 })
        {
            await ApiErrors.ForeignRequest.WriteAsync(Context);
            return;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        var error = failure is null ? ApiErrors.MissingKey : ApiErrors.MissingKey with { Message = failure.Message };
        await error.WriteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Context.User.HasClaim(claim => claim.Type == ClaimTypes.NameIdentifier)
            ? ApiErrors.MissingScope.WriteAsync(Context)
            : HandleChallengeAsync(properties);

    private bool IsForeign => !Request.IsLocal(cors.Value.Origins);

    private bool AllowsAnonymous => environment.IsDevelopment() && access.Value.AnonymousInDevelopment;

    private async Task<string?> FindSecretAsync() =>
        FindInHeaders(Request)
        ?? (FieldOf(Context) is { } field ? (await Request.ReadFormOrRefuseAsync())[field].ToString() : null);

    private static string? FindInHeaders(HttpRequest request)
    {
        if (request.Headers.TryGetValue(HeaderName, out var header))
            return header.ToString();

        return request.Headers.Authorization is [{ } bearer]
            && bearer.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
                ? bearer[BearerPrefix.Length..].Trim()
                : null;
    }

    /// <summary>The form field that may have the key; null when the request has no such form.</summary>
    private static string? FieldOf(HttpContext context) =>
        context.Request.HasFormContentType
            ? context.GetEndpoint()?.Metadata.GetMetadata<ApiKeyInFormAttribute>()?.Field
            : null;

    private static AuthenticateResult Succeed(IEnumerable<Claim> claims)
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName));
        return AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
    }
}
