using MySqlConnector;

namespace FaceSearch.Infrastructure.Persistence.MySql;

/// <summary>Which faults of a MySQL server pass by themselves.</summary>
internal static class MySqlFaults
{
    /// <summary>Beside those that MySqlConnector itself calls transient: deadlocks, lock waits, no connection.</summary>
    public static readonly MySqlErrorCode[] AlsoTransient =
    [
        MySqlErrorCode.ServerShutdown, MySqlErrorCode.NormalShutdown, MySqlErrorCode.ShutdownComplete,
        MySqlErrorCode.QueryInterrupted,
    ];

    private static readonly MySqlErrorCode[] DiskFull = [MySqlErrorCode.DiskFull, MySqlErrorCode.RecordFileFull];

    /// <summary>A connection that breaks off carries no code of the server, but what happened to the socket.</summary>
    public static bool Pass(Exception exception) => exception switch
    {
        MySqlException { IsTransient: true } => true,
        MySqlException mySql when AlsoTransient.Contains(mySql.ErrorCode) || DiskFull.Contains(mySql.ErrorCode) => true,
        MySqlException { InnerException: IOException or System.Net.Sockets.SocketException } => true,
        MySqlException { ErrorCode: MySqlErrorCode.None or MySqlErrorCode.CommandTimeoutExpired } => true,
        _ => false,
    };
}
