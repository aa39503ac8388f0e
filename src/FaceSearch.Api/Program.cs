using FaceSearch.Api.Hosting;
using FaceSearch.Application;
using FaceSearch.Infrastructure;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.UseDefaultSettings();
    builder.Services.AddApplication();
    builder.Services.AddSingleton<ServerPreparation>();
    builder.Services.AddHostedService(services => services.GetRequiredService<ServerPreparation>());
    builder.Services.AddInfrastructure(builder.Configuration);
    builder.Services.AddApi(builder.Configuration);

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
