using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.MySql.Migrations
{
    /// <inheritdoc />
    public partial class FloatsInFull : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => SetType(migrationBuilder, "double");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => SetType(migrationBuilder, "float");

        // One statement: each would copy the whole table.
        private static void SetType(MigrationBuilder migrationBuilder, string type) => migrationBuilder.Sql(
            $"""
            ALTER TABLE `faces`
                MODIFY COLUMN `Score` {type} NOT NULL,
                MODIFY COLUMN `Sharpness` {type} NULL,
                MODIFY COLUMN `Brightness` {type} NULL,
                MODIFY COLUMN `Yaw` {type} NULL,
                MODIFY COLUMN `Pitch` {type} NULL,
                MODIFY COLUMN `Roll` {type} NULL;
            """);
    }
}
