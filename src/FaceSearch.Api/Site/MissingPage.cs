namespace FaceSearch.Api.Site;

/// <summary>Stands for the web page where it was not built: on a machine without Node.js.</summary>
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
        <p>Its web page was not built, as this needs <a href="https://nodejs.org">Node.js</a> 20.19 or later.
        Install it and start the server anew with <code>dotnet run --project src/FaceSearch.Api</code>.</p>
        <p>The API works without it: see <a href="/docs">its documentation</a>.</p>
        </html>
        """;

    public static Task WriteAsync(HttpContext context) =>
        Results.Text(Text, "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context);
}
