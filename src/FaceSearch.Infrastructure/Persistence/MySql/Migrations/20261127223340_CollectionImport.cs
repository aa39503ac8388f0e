using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.MySql.Migrations
{
    /// <inheritdoc />
    public partial class CollectionImport : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<long>(
                name: "CollectionId",
                table: "enrolment_jobs",
                type: "bigint",
                nullable: true,
                oldClrType: typeof(long),
                oldType: "bigint");

            migrationBuilder.AddColumn<string>(
                name: "CollectionName",
                table: "enrolment_jobs",
                type: "varchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "utf8mb4_0900_bin")
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.AddColumn<string>(
                name: "Result",
                table: "enrolment_jobs",
                type: "longtext",
                nullable: true,
                collation: "utf8mb4_0900_bin")
                .Annotation("MySql:CharSet", "utf8mb4");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "CollectionName",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "Result",
                table: "enrolment_jobs");

            migrationBuilder.AlterColumn<long>(
                name: "CollectionId",
                table: "enrolment_jobs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L,
                oldClrType: typeof(long),
                oldType: "bigint",
                oldNullable: true);
        }
    }
}
