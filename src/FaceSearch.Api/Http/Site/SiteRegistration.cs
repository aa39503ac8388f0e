using System.Collections.Frozen;
using Microsoft.AspNetCore.StaticFiles;

namespace FaceSearch.Api.Http.Site;

/// <summary>
/// The web page at <c>/</c>. It is public and contains no data. It calls the API with the user's key. It is built from
/// <c>web/</c> into <c>wwwroot</c> beside the program.
/// </summary>
internal static class SiteRegistration
{
    /// <summary>
    /// The page may load scripts, styles and data from this server only. Pictures may also be blob: and data: URLs.
    /// </summary>
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    private const string HashedFolder = "/assets/";

    private static readonly string[] Compressed = [".br", ".gz"];

    /// <summary>Answers GET and HEAD for the page's files; anything else passes on to the API.</summary>
    public static void UseSite(this WebApplication app)
    {
        var folder = app.Configuration[WebHostDefaults.WebRootKey] ?? Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var files = Load(folder);
        app.Use((context, next) =>
        {
            var request = context.Request;
            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
                return next(context);
            if (files.TryGetValue(request.Path.Value ?? "/", out var file))
                return WriteAsync(context, file);
            return request.Path == "/" ? MissingPage.WriteAsync(context) : next(context);
        });
    }

    private static Task WriteAsync(HttpContext context, SiteFile file)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()";
        return file.WriteAsync(context);
    }

    /// <summary>The files by request path, read once when the server starts.</summary>
    private static FrozenDictionary<string, SiteFile> Load(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "index.html")))
            return FrozenDictionary<string, SiteFile>.Empty;

        var types = new FileExtensionContentTypeProvider();
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => !Compressed.Contains(Path.GetExtension(path)) && types.TryGetContentType(path, out _))
            .ToFrozenDictionary(path => AddressOf(Path.GetRelativePath(folder, path)), path => FileAt(folder, path, types));
    }

    private static SiteFile FileAt(string folder, string path, FileExtensionContentTypeProvider types)
    {
        var type = types.TryGetContentType(path, out var found) ? found : "application/octet-stream";
        var isHashed = AddressOf(Path.GetRelativePath(folder, path)).StartsWith(HashedFolder, StringComparison.Ordinal);
        return new SiteFile(path, type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type, isHashed);
    }

    private static string AddressOf(string relativePath)
    {
        var address = "/" + relativePath.Replace('\\', '/');
        return address == "/index.html" ? "/" : address;
    }
}
