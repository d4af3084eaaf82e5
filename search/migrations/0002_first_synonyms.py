"""The journal's one row, and the acronyms that the field uses every day."""

from django.db import migrations

GROUPS = (
    ("LTFT", "less than full time"),
    ("ARCP", "annual review of competency progression", "annual review of competence progression"),
    ("DME", "director of medical education"),
    ("TPD", "training programme director"),
    ("HoS", "head of school"),
    ("ES", "educational supervisor"),
    ("CS", "clinical supervisor"),
    ("CCT", "certificate of completion of training"),
    ("CESR", "portfolio pathway"),
    ("OOP", "out of programme"),
    ("OOPP", "out of programme pause"),
    ("PDP", "personal development plan"),
    ("SPA", "supporting professional activities"),
    ("TRiM", "trauma risk management"),
    ("IMT", "internal medicine training"),
    ("CST", "core surgical training"),
    ("JCST", "joint committee on surgical training"),
    ("GMC", "general medical council"),
    ("NHSE", "NHS England"),
    ("HEE", "Health Education England"),
    ("PGME", "postgraduate medical education"),
    ("PGDiT", "doctors in training", "trainees", "resident doctors", "junior doctors"),
    ("SuppoRTT", "supported return to training", "return to training", "return to work"),
    ("WBA", "workplace based assessment"),
    ("SLE", "supervised learning event"),
    ("MSF", "multi source feedback"),
    ("GPC", "generic professional capabilities"),
    ("CiP", "capabilities in practice"),
    ("ENT", "ear nose and throat", "otolaryngology"),
    ("ED", "A&E", "accident and emergency", "emergency department"),
    ("EM", "emergency medicine"),
    ("O&G", "obs and gynae", "obstetrics and gynaecology"),
    ("GP", "general practice", "general practitioner"),
    ("ICM", "intensive care medicine"),
    ("ICU", "ITU", "intensive care", "critical care"),
    ("T&O", "trauma and orthopaedics", "trauma and orthopaedic surgery"),
    ("CAMHS", "child and adolescent psychiatry", "child and adolescent mental health"),
    ("theatre", "operating theatre", "operating room"),
    ("sim", "simulation", "simulated"),
    ("VR", "virtual reality"),
    ("AR", "augmented reality"),
    ("XR", "extended reality", "immersive technology"),
    ("QI", "quality improvement"),
    ("SAS", "specialist and associate specialist", "specialty doctors"),
    ("MDT", "multidisciplinary team"),
    ("POCUS", "point of care ultrasound"),
    ("e-learning", "elearning", "online learning"),
    ("backfill", "locum cover"),
    ("bootcamp", "boot camp"),
    ("wellbeing", "well-being"),
    ("paediatrics", "children's medicine"),
    ("anaesthetics", "anaesthesia"),
    ("COVID", "COVID-19", "coronavirus", "pandemic"),
)


def add(apps, schema_editor):
    apps.get_model("search", "JournalPosition").objects.get_or_create(pk=1)
    Synonym = apps.get_model("search", "Synonym")
    Synonym.objects.bulk_create(Synonym(words="\n".join(group)) for group in GROUPS)


def remove(apps, schema_editor):
    apps.get_model("search", "Synonym").objects.all().delete()
    apps.get_model("search", "JournalPosition").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
