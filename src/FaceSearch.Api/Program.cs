using FaceSearch.Api.Hosting;
using FaceSearch.Api.Hosting.Maintenance;

if (MaintenanceCommands.IsCommand(args))
    return await MaintenanceCommands.RunAsync(args, Console.Out, Console.Error);

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.UseDefaultSettings();
    builder.AddConfiguredLog();
    builder.AddServer();

    var app = builder.Build();
    app.UseApi();
    var preparation = app.Services.GetRequiredService<ServerPreparation>();
    await preparation.BeginAsync();
    await app.RunAsync();
    preparation.ThrowIfFailed();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}
