using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class JobQueueAndErasure : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Attempts",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "DropsArchive",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "LastError",
                table: "enrolment_jobs",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "NotBefore",
                table: "enrolment_jobs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ProgressMark",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Receipt",
                table: "enrolment_jobs",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "SubjectId",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Waits",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "erased_names",
                columns: table => new
                {
                    JobId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erased_names", x => new { x.JobId, x.Hash });
                    table.ForeignKey(
                        name: "FK_erased_names_enrolment_jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "enrolment_jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "erased_names");

            migrationBuilder.DropColumn(
                name: "Attempts",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "DropsArchive",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "LastError",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "NotBefore",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "ProgressMark",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "Receipt",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "Waits",
                table: "enrolment_jobs");
        }
    }
}
