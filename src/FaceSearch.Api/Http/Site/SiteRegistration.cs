using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

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

    /// <summary>The names of its files hold a hash of their content, so they may be cached forever.</summary>
    private const string HashedFolder = "/assets";

    /// <summary>The build writes each file also with these suffixes, the smallest first.</summary>
    private static readonly (string Suffix, string Encoding)[] Encodings = [(".br", "br"), (".gz", "gzip")];

    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>Answers GET and HEAD for the page's files; anything else passes on to the API.</summary>
    public static void UseSite(this WebApplication app)
    {
        var folder = app.Configuration[WebHostDefaults.WebRootKey] ?? Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!File.Exists(Path.Combine(folder, "index.html")))
        {
            app.MapWhen(context => IsRead(context) && context.Request.Path == "/", page => page.Run(MissingPage.WriteAsync));
            return;
        }

        var files = new PhysicalFileProvider(Path.GetFullPath(folder));
        app.UseWhen(context => IsRead(context) && !IsCompressed(context.Request.Path), site => site
            .Use((context, next) => ChooseVariantAsync(context, next, files))
            .UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files,
                ServeUnknownFileTypes = true,
                OnPrepareResponse = file => SetHeaders(file.Context.Request.Path, file.Context.Response),
            }));
    }

    private static bool IsRead(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);

    private static bool IsCompressed(string? path) =>
        Encodings.Any(variant => path?.EndsWith(variant.Suffix, StringComparison.OrdinalIgnoreCase) is true);

    /// <summary>Sends the smallest variant that the browser accepts. Restores the requested path.</summary>
    private static async Task ChooseVariantAsync(HttpContext context, RequestDelegate next, PhysicalFileProvider files)
    {
        var asked = context.Request.Path;
        var file = asked == "/" ? "/index.html" : asked.Value!;
        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        var variant = Encodings.FirstOrDefault(variant =>
            accepted.Any(value => value.Value.Equals(variant.Encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0)
            && files.GetFileInfo(file + variant.Suffix).Exists);
        // Not by the conversion from a string, which decodes the path once more.
        context.Request.Path = new PathString(file + variant.Suffix);
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Path = asked;
        }
    }

    private static void SetHeaders(string path, HttpResponse response)
    {
        var variant = Encodings.FirstOrDefault(variant => path.EndsWith(variant.Suffix, StringComparison.Ordinal));
        if (variant.Encoding is not null)
            response.Headers.ContentEncoding = variant.Encoding;
        if (Types.TryGetContentType(path[..^(variant.Suffix?.Length ?? 0)], out var type))
            response.ContentType = type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;

        response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.CacheControl = path.StartsWith(HashedFolder, StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable"
            : "no-cache";
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()";
    }
}
