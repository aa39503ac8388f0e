using FaceSearch.Api.Startup;
using FaceSearch.Application;
using FaceSearch.Infrastructure;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.UseDefaultSettings();
    builder.Services.AddApplication();
    builder.Services.AddInfrastructure(builder.Configuration);
    builder.Services.AddApi(builder.Configuration);

    var app = builder.Build();
    app.UseApi();
    await app.PrepareAsync();
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}
