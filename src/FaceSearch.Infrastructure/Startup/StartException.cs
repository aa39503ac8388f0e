namespace FaceSearch.Infrastructure.Startup;

/// <summary>The server can't start on this machine. The message is one line that says what is missing and what to do.</summary>
public sealed class StartException(string message) : Exception(message);
