using System.Security.Claims;
using FaceSearch.Application.Abstractions;

namespace FaceSearch.Api.Http.Authentication;

/// <summary>The caller of the current request; outside of a request it is the server itself.</summary>
internal sealed class HttpCaller(IHttpContextAccessor accessor) : ICaller
{
    public const string CollectionClaim = "collection";

    private ClaimsPrincipal? User => accessor.HttpContext?.User;

    public long? KeyId => EntityId.Parse(User?.FindFirstValue(ClaimTypes.NameIdentifier));

    public IReadOnlySet<long>? Collections =>
        User?.FindAll(CollectionClaim).Select(claim => EntityId.Parse(claim.Value)).OfType<long>().ToHashSet()
            is { Count: > 0 } bound ? bound : null;

    public bool MayRead => User is not { } user || Scopes.MayRead(user);

    public CancellationToken Disconnected => accessor.HttpContext?.Features.Get<CallerConnection>()?.Disconnected ?? default;
}
