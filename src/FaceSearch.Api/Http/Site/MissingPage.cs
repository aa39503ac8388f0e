namespace FaceSearch.Api.Http.Site;

/// <summary>Replaces the web page where it was not built, as on a machine without Node.js.</summary>
internal static class MissingPage
{
    private const string Text =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>FaceSearch</title>
        <h1>FaceSearch is running</h1>
        <p>The API works: see <a href="/docs">its reference</a>.</p>
        <p>The web page was not built. Building it needs <a href="https://nodejs.org">Node.js</a> 20.19 or later and a
        package registry: install it, then build and start the server again with
        <code>dotnet run --project src/FaceSearch.Api</code>.</p>
        </html>
        """;

    public static Task WriteAsync(HttpContext context) =>
        Results.Text(Text, "text/html; charset=utf-8").ExecuteAsync(context);
}
