ALTER TABLE "Attempt" ADD COLUMN "addedMs" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "Attempt" ADD COLUMN "notes" TEXT NOT NULL DEFAULT '';

ALTER TABLE "AttemptQuestion" ADD COLUMN "attempted" BOOLEAN;

CREATE TABLE "AttemptVisit" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "attemptId" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "elapsedMs" INTEGER NOT NULL,
  CONSTRAINT "AttemptVisit_attemptId_fkey" FOREIGN KEY ("attemptId") REFERENCES "Attempt" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "AttemptVisit_attemptId_elapsedMs_idx" ON "AttemptVisit" ("attemptId", "elapsedMs");
