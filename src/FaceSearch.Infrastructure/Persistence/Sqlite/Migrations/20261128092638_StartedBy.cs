using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class StartedBy : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "StartedBy",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_enrolment_jobs_StartedBy_Id",
                table: "enrolment_jobs",
                columns: new[] { "StartedBy", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_enrolment_jobs_StartedBy_Id",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "StartedBy",
                table: "enrolment_jobs");
        }
    }
}
