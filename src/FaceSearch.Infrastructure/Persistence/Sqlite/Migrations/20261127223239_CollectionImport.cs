using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.Sqlite.Migrations
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
                type: "INTEGER",
                nullable: true,
                oldClrType: typeof(long),
                oldType: "INTEGER");

            migrationBuilder.AddColumn<string>(
                name: "CollectionName",
                table: "enrolment_jobs",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Result",
                table: "enrolment_jobs",
                type: "TEXT",
                nullable: true);
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
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L,
                oldClrType: typeof(long),
                oldType: "INTEGER",
                oldNullable: true);
        }
    }
}
